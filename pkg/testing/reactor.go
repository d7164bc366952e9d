package testing

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	restclient "github.com/kubewright/kubewright/pkg/rest"
)

// Reactor answers actions that are neither watches nor proxied.
type Reactor interface {
	// Handles reports whether React shall be asked.
	Handles(action Action) bool
	// React answers an action that belongs to the reactor. If handled is false, the next reactor is asked.
	React(action Action) (handled bool, ret runtime.Object, err error)
}

// WatchReactor answers watches.
type WatchReactor interface {
	// Handles reports whether React shall be asked.
	Handles(action Action) bool
	// React answers an action that belongs to the reactor. If handled is false, the next reactor is asked.
	React(action Action) (handled bool, ret watch.Interface, err error)
}

// ProxyReactor answers what is read through the API server.
type ProxyReactor interface {
	// Handles reports whether React shall be asked.
	Handles(action Action) bool
	// React answers an action that belongs to the reactor. If handled is false, the next reactor is asked.
	React(action Action) (handled bool, ret restclient.ResponseWrapper, err error)
}

// ReactionFunc answers an action with an object or an error. If handled is false, both are ignored and the next reactor is
// asked. What an action on a subresource is about it learns from GetSubresource.
type ReactionFunc func(action Action) (handled bool, ret runtime.Object, err error)

// WatchReactionFunc is ReactionFunc for watches. The watch belongs to the caller, who stops it.
type WatchReactionFunc func(action Action) (handled bool, ret watch.Interface, err error)

// ProxyReactionFunc is ReactionFunc for what is read through the API server.
type ProxyReactionFunc func(action Action) (handled bool, ret restclient.ResponseWrapper, err error)

// SimpleReactor calls a function for actions of a verb and a resource. "*" stands for any verb, and any resource with its
// subresources; "pods" for pods and all subresources of them, "pods/status" for that one only.
type SimpleReactor struct {
	Verb     string
	Resource string

	Reaction ReactionFunc
}

// Handles implements Reactor.
func (r *SimpleReactor) Handles(action Action) bool {
	return (r.Verb == "*" || r.Verb == action.GetVerb()) && covers(r.Resource, action)
}

// React implements Reactor.
func (r *SimpleReactor) React(action Action) (bool, runtime.Object, error) { return r.Reaction(action) }

// SimpleWatchReactor calls a function for watches of a resource, which is named as in SimpleReactor.
type SimpleWatchReactor struct {
	Resource string

	Reaction WatchReactionFunc
}

// Handles implements WatchReactor.
func (r *SimpleWatchReactor) Handles(action Action) bool { return covers(r.Resource, action) }

// React implements WatchReactor.
func (r *SimpleWatchReactor) React(action Action) (bool, watch.Interface, error) {
	return r.Reaction(action)
}

// SimpleProxyReactor calls a function for what is read through the API server from a resource, which is named as in
// SimpleReactor.
type SimpleProxyReactor struct {
	Resource string

	Reaction ProxyReactionFunc
}

// Handles implements ProxyReactor.
func (r *SimpleProxyReactor) Handles(action Action) bool { return covers(r.Resource, action) }

// React implements ProxyReactor.
func (r *SimpleProxyReactor) React(action Action) (bool, restclient.ResponseWrapper, error) {
	return r.Reaction(action)
}

// covers reports whether a reactor for a resource is for an action.
func covers(resource string, action Action) bool { return resource == "*" || about(action, resource) }

// DefaultWatchReactor returns a reaction that answers every watch with the same one.
func DefaultWatchReactor(watchInterface watch.Interface, err error) WatchReactionFunc {
	return func(Action) (bool, watch.Interface, error) { return true, watchInterface, err }
}
