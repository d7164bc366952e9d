package install

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	v1 "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
	"github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1beta1"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func newScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	Install(s)
	return s
}

func whole() *clientauthentication.ExecCredential {
	expires := metav1.NewTime(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC).Local())
	return &clientauthentication.ExecCredential{
		Spec: clientauthentication.ExecCredentialSpec{
			Interactive: true,
			Cluster: &clientauthentication.Cluster{
				Server:                   "https://host",
				TLSServerName:            "name",
				InsecureSkipTLSVerify:    true,
				CertificateAuthorityData: []byte("CA"),
				ProxyURL:                 "http://u:" + canary.Secret + "@proxy",
				DisableCompression:       true,
				Config:                   &runtime.Unknown{Raw: []byte(`{"audience":"me"}`), ContentType: runtime.ContentTypeJSON},
			},
		},
		Status: &clientauthentication.ExecCredentialStatus{
			ExpirationTimestamp:   &expires,
			Token:                 canary.Secret,
			ClientCertificateData: "certificate",
			ClientKeyData:         canary.Secret,
		},
	}
}

func TestEveryVersionIsWrittenAndReadBack(t *testing.T) {
	codecs := serializer.NewCodecFactory(newScheme())
	info, _ := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	for _, gv := range []schema.GroupVersion{v1.SchemeGroupVersion, v1beta1.SchemeGroupVersion} {
		data, err := runtime.Encode(codecs.EncoderForVersion(info.Serializer, gv), whole())
		if err != nil {
			t.Fatal(err)
		}
		const want = `"spec":{"cluster":{"server":"https://host","tls-server-name":"name","insecure-skip-tls-verify":true,"certificate-authority-data":"Q0E=","proxy-url":"http://u:` + canary.Secret + `@proxy","disable-compression":true,"config":{"audience":"me"}},"interactive":true},` +
			`"status":{"expirationTimestamp":"2030-01-02T03:04:05Z","token":"` + canary.Secret + `","clientCertificateData":"certificate","clientKeyData":"` + canary.Secret + `"}`
		if !strings.Contains(string(data), want) || !strings.Contains(string(data), gv.String()) {
			t.Errorf("%s is written as %s", gv, data)
		}
		got, err := runtime.Decode(codecs.UniversalDecoder(clientauthentication.SchemeGroupVersion), data)
		if diff := cmp.Diff(whole(), got); err != nil || diff != "" {
			t.Error(gv, err, diff)
		}
	}
}

func TestV1IsPreferred(t *testing.T) {
	want := []schema.GroupVersion{v1.SchemeGroupVersion, v1beta1.SchemeGroupVersion}
	if diff := cmp.Diff(want, newScheme().PrioritizedVersionsForGroup(clientauthentication.GroupName)); diff != "" {
		t.Error(diff)
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		clientauthentication.Kind("ExecCredential").String(): "ExecCredential.client.authentication.k8s.io",
		clientauthentication.Resource("things").String():     "things.client.authentication.k8s.io",
		v1.Resource("things").String():                       "things.client.authentication.k8s.io",
		v1beta1.Resource("things").String():                  "things.client.authentication.k8s.io",
		v1.ExecCredential{}.OpenAPIModelName():               "io.k8s.client-go.pkg.apis.clientauthentication.v1.ExecCredential",
		v1beta1.ExecCredentialStatus{}.OpenAPIModelName():    "io.k8s.client-go.pkg.apis.clientauthentication.v1beta1.ExecCredentialStatus",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPrintingShowsNoSecret(t *testing.T) {
	for _, v := range []any{
		clientauthentication.ExecCredentialStatus{Token: canary.Secret, ClientKeyData: canary.Secret},
		&clientauthentication.ExecCredentialStatus{Token: canary.Secret},
		v1.ExecCredentialStatus{Token: canary.Secret, ClientKeyData: canary.Secret},
		&v1.ExecCredentialStatus{Token: canary.Secret},
		v1beta1.ExecCredentialStatus{Token: canary.Secret, ClientKeyData: canary.Secret},
		&v1beta1.ExecCredentialStatus{Token: canary.Secret},
		v1.ExecCredential{Status: &v1.ExecCredentialStatus{Token: canary.Secret}},
		&v1.ExecCredential{Status: &v1.ExecCredentialStatus{Token: canary.Secret}},
	} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", v)
		text := fmt.Sprintf("%v %+v %#v %s %q %x", v, v, v, v, v, v) + log.String()
		if strings.Contains(text, canary.Secret) || strings.Contains(text, fmt.Sprintf("%x", canary.Secret)) {
			t.Errorf("%T shows its secret: %s", v, text)
		}
	}
}
