package apiservertest

import (
	"errors"
	"maps"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
)

// Option changes what NewServer makes.
type Option func(*options) error

type options struct {
	scheme     *runtime.Scheme // nil: all of k8s.io/api
	allVersion bool
	tokens     map[string]User
	authorizer Authorizer
	now        func() time.Time
	inMemory   bool
	middleware []func(http.Handler) http.Handler
	garbage    bool
	keepEvents int
	keepAll    bool
	bookmarks  time.Duration
	library    schemas.Library
	seed       uint64
	record     record.Options
}

// The parties of access control.
type (
	// User is who sends a request.
	User = access.User
	// Authorizer decides who may do what.
	Authorizer = access.Authorizer
	// Attributes are what an Authorizer is asked.
	Attributes = access.Attributes
	// Rules is an Authorizer that allows what one of its rules does.
	Rules = access.Rules
	// Rule allows something.
	Rule = access.Rule
)

// WithScheme serves the types of scheme, and no others. Those of k8s.io/api are served as kube-apiserver serves them; of the others
// plurals are guessed, and all are taken to be namespaced. Default: all types of k8s.io/api, in the versions that
// kube-apiserver serves by default.
func WithScheme(scheme *runtime.Scheme) Option {
	return func(o *options) error {
		if scheme == nil {
			return errors.New("WithScheme: the scheme is nil: leave the option out to serve all of k8s.io/api")
		}
		o.scheme = scheme
		return nil
	}
}

// WithAllVersions serves the alpha and beta versions of the scheme's types, too.
func WithAllVersions() Option {
	return func(o *options) error {
		o.allVersion = true
		return nil
	}
}

// WithUsers adds users, by the bearer tokens that they have.
func WithUsers(byToken map[string]User) Option {
	return func(o *options) error {
		for token, user := range byToken {
			if token == "" || user.Name == "" {
				return errors.New("WithUsers: a token or the name of its user is empty")
			}
		}
		maps.Copy(o.tokens, byToken)
		return nil
	}
}

// WithAuthorizer makes a decide who may do what, for instance Rules. Default: all users but anonymous ones may do everything.
func WithAuthorizer(a Authorizer) Option {
	return func(o *options) error {
		if a == nil {
			return errors.New("WithAuthorizer: the authorizer is nil")
		}
		o.authorizer = a
		return nil
	}
}

// WithClock makes now the clock that objects and certificates go by. Waiting is done by package time. Default time.Now; in a bubble
// of testing/synctest both are fake.
func WithClock(now func() time.Time) Option {
	return func(o *options) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		o.now = now
		return nil
	}
}

// WithInMemoryNetwork makes connections within the process instead of on the loopback interface: the same TLS, HTTP/1.1 and
// HTTP/2, without sockets. It is what a server in a bubble of testing/synctest needs. Only clients from Config can reach it.
func WithInMemoryNetwork() Option {
	return func(o *options) error {
		o.inMemory = true
		return nil
	}
}

// WithMiddleware puts a handler around the API. Those that are given first are the outer ones.
func WithMiddleware(wrap func(http.Handler) http.Handler) Option {
	return func(o *options) error {
		if wrap == nil {
			return errors.New("WithMiddleware: the function is nil")
		}
		o.middleware = append(o.middleware, wrap)
		return nil
	}
}

// WithGarbageCollection deletes objects whose owners are gone, and carries out the propagation policies of deletions, which
// in a cluster the kube-controller-manager does.
func WithGarbageCollection() Option {
	return func(o *options) error {
		o.garbage = true
		return nil
	}
}

// WithHistory bounds what is remembered to the last so many writes, as etcd is compacted in a cluster: older versions are answered
// with 410. Default: everything, until Compact.
func WithHistory(writes int) Option {
	return func(o *options) error {
		if writes < 1 {
			return errors.New("WithHistory: there must be room for one write at least")
		}
		o.keepEvents = writes
		return nil
	}
}

// WithCompleteHistory keeps every change of every object for Server.History, whatever is compacted, and all of that in memory.
func WithCompleteHistory() Option {
	return func(o *options) error {
		o.keepAll = true
		return nil
	}
}

// WithBookmarkInterval sets the time between the bookmarks of a watch that allows them. Default one minute.
func WithBookmarkInterval(d time.Duration) Option {
	return func(o *options) error {
		if d <= 0 {
			return errors.New("WithBookmarkInterval: the interval must be positive")
		}
		o.bookmarks = d
		return nil
	}
}

// WithCustomResourceSchemas makes library prune, complete and validate custom resources: crd.Schemas of the module
// pkg/apiservertest/crd does it with the code of kube-apiserver. Default: they are kept as they are sent.
func WithCustomResourceSchemas(library schemas.Library) Option {
	return func(o *options) error {
		if library == nil {
			return errors.New("WithCustomResourceSchemas: the library is nil")
		}
		o.library = library
		return nil
	}
}

// WithSeed makes faults that are random be those of an earlier run, whose seed Faults().Seed() told.
func WithSeed(seed uint64) Option {
	return func(o *options) error {
		o.seed = seed
		return nil
	}
}

// WithRecord sets how much is recorded of requests. Default: the last 10,000, and of watches the number of frames only.
func WithRecord(r record.Options) Option {
	return func(o *options) error {
		if r.User != nil {
			return errors.New("WithRecord: the server knows its users: leave User out")
		}
		o.record = r
		return nil
	}
}
