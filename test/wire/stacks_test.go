package wire

import (
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	theirapps "k8s.io/client-go/kubernetes/typed/apps/v1"
	theircoordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	theircore "k8s.io/client-go/kubernetes/typed/core/v1"
	theirrest "k8s.io/client-go/rest"

	ourapps "github.com/kubewright/kubewright/generated/kubernetes/typed/apps/v1"
	ourcoordination "github.com/kubewright/kubewright/generated/kubernetes/typed/coordination/v1"
	ourcore "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
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
	// typed returns the typed client of each group version.
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
	config := ourConfig(o, rt)
	core, err := ourcore.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	apps, err := ourapps.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	coordination, err := ourcoordination.NewForConfig(config)
	return map[string]any{"core/v1": core, "apps/v1": apps, "coordination/v1": coordination}, err
}

func theirTypedClients(o options, rt http.RoundTripper) (map[string]any, error) {
	config := theirConfig(o, rt)
	core, err := theircore.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	apps, err := theirapps.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	coordination, err := theircoordination.NewForConfig(config)
	return map[string]any{"core/v1": core, "apps/v1": apps, "coordination/v1": coordination}, err
}
