package bench

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// bare is what a program does without any client: net/http, encoding/json and the API's types. It is the floor that a
// client stands on.
type bare struct {
	http *http.Client
	host string
}

func connectBare(o options) (client, error) {
	rt := o.transport
	if rt == nil {
		var err error
		if rt, err = bareTransport(o.ca); err != nil {
			return client{}, err
		}
	}
	b := &bare{http: &http.Client{Transport: rt}, host: o.host}
	return client{
		configMaps: func(ns string) objects[*corev1.ConfigMap, *corev1.ConfigMapList] {
			return bareObjects[corev1.ConfigMap, corev1.ConfigMapList, *corev1.ConfigMap, *corev1.ConfigMapList]{b, ns, "configmaps"}
		},
		pods: func(ns string) objects[*corev1.Pod, *corev1.PodList] {
			return bareObjects[corev1.Pod, corev1.PodList, *corev1.Pod, *corev1.PodList]{b, ns, "pods"}
		},
		request: func(ctx context.Context, resource, name string, into runtime.Object) error {
			return b.do(ctx, http.MethodGet, "/api/v1/namespaces/"+namespace+"/"+resource+"/"+name, "", nil, into)
		},
	}, nil
}

// bareTransport returns a transport to the server whose authority has the certificate ca.
func bareTransport(ca []byte) (http.RoundTripper, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("no certificate of the server's authority")
	}
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}, nil
}

// do sends a request and reads its answer.
func (b *bare) do(ctx context.Context, method, path, contentType string, body []byte, into any) error {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, b.host+path, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", runtime.ContentTypeJSON)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("User-Agent", userAgent)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := b.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	return json.Unmarshal(answer, into)
}

// bareObjects are the objects of a resource in a namespace.
type bareObjects[T, L any, PT pointer[T], PL pointer[L]] struct {
	*bare
	namespace, resource string
}

// pointer is the runtime.Object that a *T is.
type pointer[T any] interface {
	*T
	runtime.Object
}

func (o bareObjects[T, L, PT, PL]) collection() string {
	return "/api/v1/namespaces/" + o.namespace + "/" + o.resource
}

func (o bareObjects[T, L, PT, PL]) Get(ctx context.Context, name string, _ metav1.GetOptions) (PT, error) {
	obj := new(T)
	return obj, o.do(ctx, http.MethodGet, o.collection()+"/"+name, "", nil, obj)
}

func (o bareObjects[T, L, PT, PL]) List(ctx context.Context, opts metav1.ListOptions) (PL, error) {
	list := new(L)
	return list, o.do(ctx, http.MethodGet, o.collection()+"?labelSelector="+url.QueryEscape(opts.LabelSelector), "", nil, list)
}

func (o bareObjects[T, L, PT, PL]) Create(ctx context.Context, obj PT, opts metav1.CreateOptions) (PT, error) {
	body, err := json.Marshal(obj)
	if err != nil {
		return nil, err
	}
	created := new(T)
	path := o.collection() + "?fieldManager=" + url.QueryEscape(opts.FieldManager)
	return created, o.do(ctx, http.MethodPost, path, runtime.ContentTypeJSON, body, created)
}

func (o bareObjects[T, L, PT, PL]) Patch(ctx context.Context, name string, pt types.PatchType, data []byte, _ metav1.PatchOptions, _ ...string) (PT, error) {
	obj := new(T)
	return obj, o.do(ctx, http.MethodPatch, o.collection()+"/"+name, string(pt), data, obj)
}
