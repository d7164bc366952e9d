package wire

import (
	"net/http"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	theirkubernetes "k8s.io/client-go/kubernetes"
	theirrest "k8s.io/client-go/rest"

	ourkubernetes "github.com/kubewright/kubewright/generated/kubernetes"
	ourrest "github.com/kubewright/kubewright/pkg/rest"
)

// options are the parts of a rest.Config that the tests need. There is no rate limit.
type options struct {
	host                string // empty means https://server.example
	apiPath             string // of the RESTClient; empty means /api
	groupVersion        schema.GroupVersion
	contentType, accept string
	username, password  string
	token               string
	userAgent           string // empty means "wire"
	noUserAgent         bool
	impersonate         impersonation
	timeout             time.Duration
}

type impersonation struct {
	user, uid string
	groups    []string
	extra     map[string][]string
}

func (o options) withDefaults() options {
	if o.host == "" {
		o.host = "https://server.example"
	}
	if o.apiPath == "" {
		o.apiPath = "/api"
	}
	if o.groupVersion.Empty() {
		o.groupVersion.Version = "v1"
	}
	if o.userAgent == "" && !o.noUserAgent {
		o.userAgent = "wire"
	}
	return o
}

// stack is one of the two things that are compared.
type stack struct {
	name string
	// rest returns a *rest.RESTClient for the options, and an error if they cannot be used.
	rest func(options, http.RoundTripper) (any, error)
	// typed returns the typed client of each group version, by names such as CoreV1.
	typed func(options, http.RoundTripper) (map[string]any, error)
}

var (
	ours   = stack{"kubewright", ourRESTClient, ourTypedClients}
	theirs = stack{"client-go", theirRESTClient, theirTypedClients}
)

func ourConfig(o options, rt http.RoundTripper) *ourrest.Config {
	o = o.withDefaults()
	return &ourrest.Config{
		Host: o.host, Transport: rt, QPS: -1, Timeout: o.timeout, UserAgent: o.userAgent,
		Username: o.username, Password: o.password, BearerToken: o.token,
		Impersonate: ourrest.ImpersonationConfig{
			UserName: o.impersonate.user, UID: o.impersonate.uid, Groups: o.impersonate.groups, Extra: o.impersonate.extra,
		},
		ContentConfig: ourrest.ContentConfig{ContentType: o.contentType, AcceptContentTypes: o.accept},
	}
}

func theirConfig(o options, rt http.RoundTripper) *theirrest.Config {
	o = o.withDefaults()
	return &theirrest.Config{
		Host: o.host, Transport: rt, QPS: -1, Timeout: o.timeout, UserAgent: o.userAgent,
		Username: o.username, Password: o.password, BearerToken: o.token,
		Impersonate: theirrest.ImpersonationConfig{
			UserName: o.impersonate.user, UID: o.impersonate.uid, Groups: o.impersonate.groups, Extra: o.impersonate.extra,
		},
		ContentConfig: theirrest.ContentConfig{ContentType: o.contentType, AcceptContentTypes: o.accept},
	}
}

func ourRESTClient(o options, rt http.RoundTripper) (any, error) {
	config, o := ourConfig(o, rt), o.withDefaults()
	config.APIPath, config.GroupVersion = o.apiPath, &o.groupVersion
	config.NegotiatedSerializer = codecs.WithoutConversion()
	return ourrest.RESTClientFor(config)
}

func theirRESTClient(o options, rt http.RoundTripper) (any, error) {
	config, o := theirConfig(o, rt), o.withDefaults()
	config.APIPath, config.GroupVersion = o.apiPath, &o.groupVersion
	config.NegotiatedSerializer = codecs.WithoutConversion()
	return theirrest.RESTClientFor(config)
}

func ourTypedClients(o options, rt http.RoundTripper) (map[string]any, error) {
	clientset, err := ourkubernetes.NewForConfig(ourConfig(o, rt))
	return groupClients(reflect.TypeFor[ourkubernetes.Interface](), clientset), err
}

func theirTypedClients(o options, rt http.RoundTripper) (map[string]any, error) {
	clientset, err := theirkubernetes.NewForConfig(theirConfig(o, rt))
	return groupClients(reflect.TypeFor[theirkubernetes.Interface](), clientset), err
}

// groupClients returns the clients in a clientset by the names of the methods that return them, such as CoreV1.
func groupClients(methods reflect.Type, clientset any) map[string]any {
	clients := map[string]any{}
	for i := range methods.NumMethod() {
		if name := methods.Method(i).Name; name != "Discovery" {
			clients[name] = reflect.ValueOf(clientset).MethodByName(name).Call(nil)[0].Interface()
		}
	}
	return clients
}
