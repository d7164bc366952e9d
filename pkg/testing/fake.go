package testing

import (
	"fmt"
	"slices"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	restclient "github.com/kubewright/kubewright/pkg/rest"
)

// Fake is the heart of a fake clientset, which embeds it: a log of all actions, and three chains of reactors that answer
// them. In each chain the first reactor that handles an action ends it.
//
// All methods may be called concurrently, also by reactors, which run without a lock. The exported fields are guarded by the
// embedded lock; who sets them after the first call has to hold it.
type Fake struct {
	sync.RWMutex // guards what follows

	actions []Action

	// ReactionChain answers all but watches and what is read through the API server.
	ReactionChain []Reactor
	// WatchReactionChain answers watches.
	WatchReactionChain []WatchReactor
	// ProxyReactionChain answers what is read through the API server.
	ProxyReactionChain []ProxyReactor

	// Resources is what a fake discovery client says that there is.
	Resources []*metav1.APIResourceList
}

// FakeClient is what a fake clientset has besides the methods of the real one.
type FakeClient interface {
	// Tracker returns the objects of the clientset, for tests that want to change or look at them behind its back.
	Tracker() ObjectTracker

	// AddReactor puts a reactor behind all others.
	AddReactor(verb, resource string, reaction ReactionFunc)
	// PrependReactor puts a reactor before all others.
	PrependReactor(verb, resource string, reaction ReactionFunc)

	// AddWatchReactor puts a reactor behind all others.
	AddWatchReactor(resource string, reaction WatchReactionFunc)
	// PrependWatchReactor puts a reactor before all others.
	PrependWatchReactor(resource string, reaction WatchReactionFunc)

	// AddProxyReactor puts a reactor behind all others.
	AddProxyReactor(resource string, reaction ProxyReactionFunc)
	// PrependProxyReactor puts a reactor before all others.
	PrependProxyReactor(resource string, reaction ProxyReactionFunc)

	// Invokes logs an action and returns the answer of the chain, defaultReturnObj if no reactor handles it.
	Invokes(action Action, defaultReturnObj runtime.Object) (runtime.Object, error)
	// InvokesWatch is Invokes for watches. That no reactor handles one is an error.
	InvokesWatch(action Action) (watch.Interface, error)
	// InvokesProxy is Invokes for what is read through the API server. The answer is nil if no reactor handles it.
	InvokesProxy(action Action) restclient.ResponseWrapper

	// ClearActions empties the log.
	ClearActions()
	// Actions returns the log, the oldest action first.
	Actions() []Action
}

// AddReactor puts a reactor for a verb and a resource, which are named as in SimpleReactor, behind all others.
func (c *Fake) AddReactor(verb, resource string, reaction ReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.ReactionChain = append(slices.Clip(c.ReactionChain), &SimpleReactor{verb, resource, reaction})
}

// PrependReactor puts a reactor for a verb and a resource, which are named as in SimpleReactor, before all others.
func (c *Fake) PrependReactor(verb, resource string, reaction ReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.ReactionChain = append([]Reactor{&SimpleReactor{verb, resource, reaction}}, c.ReactionChain...)
}

// AddWatchReactor puts a reactor for watches of a resource behind all others.
func (c *Fake) AddWatchReactor(resource string, reaction WatchReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.WatchReactionChain = append(slices.Clip(c.WatchReactionChain), &SimpleWatchReactor{resource, reaction})
}

// PrependWatchReactor puts a reactor for watches of a resource before all others.
func (c *Fake) PrependWatchReactor(resource string, reaction WatchReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.WatchReactionChain = append([]WatchReactor{&SimpleWatchReactor{resource, reaction}}, c.WatchReactionChain...)
}

// AddProxyReactor puts a reactor for what is read from a resource through the API server behind all others.
func (c *Fake) AddProxyReactor(resource string, reaction ProxyReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.ProxyReactionChain = append(slices.Clip(c.ProxyReactionChain), &SimpleProxyReactor{resource, reaction})
}

// PrependProxyReactor puts a reactor for what is read from a resource through the API server before all others.
func (c *Fake) PrependProxyReactor(resource string, reaction ProxyReactionFunc) {
	c.Lock()
	defer c.Unlock()
	c.ProxyReactionChain = append([]ProxyReactor{&SimpleProxyReactor{resource, reaction}}, c.ProxyReactionChain...)
}

// Invokes logs a copy of an action and asks the reactors in turn, each with a copy of its own. It returns what the first
// answers that handles the action, and defaultReturnObj without an error if none does.
func (c *Fake) Invokes(action Action, defaultReturnObj runtime.Object) (runtime.Object, error) {
	for _, reactor := range logged(c, action, &c.ReactionChain) {
		if !reactor.Handles(action) {
			continue
		}
		if handled, ret, err := reactor.React(action.DeepCopy()); handled {
			return ret, err
		}
	}
	return defaultReturnObj, nil
}

// InvokesWatch is Invokes for watches. That no reactor handles one is an error.
func (c *Fake) InvokesWatch(action Action) (watch.Interface, error) {
	for _, reactor := range logged(c, action, &c.WatchReactionChain) {
		if !reactor.Handles(action) {
			continue
		}
		if handled, ret, err := reactor.React(action.DeepCopy()); handled {
			return ret, err
		}
	}
	return nil, fmt.Errorf("unhandled watch: %#v", action)
}

// InvokesProxy is Invokes for what is read through the API server. The answer is nil if no reactor handles the action; one
// that returns an error does not.
func (c *Fake) InvokesProxy(action Action) restclient.ResponseWrapper {
	for _, reactor := range logged(c, action, &c.ProxyReactionChain) {
		if !reactor.Handles(action) {
			continue
		}
		if handled, ret, err := reactor.React(action.DeepCopy()); handled && err == nil {
			return ret
		}
	}
	return nil
}

// logged adds an action to the log, and returns a chain as it is then: chains are replaced, never changed.
func logged[R any](c *Fake, action Action, chain *[]R) []R {
	c.Lock()
	defer c.Unlock()
	c.actions = append(c.actions, action.DeepCopy())
	return *chain
}

// Actions returns the log, the oldest action first. The slice is the caller's; the actions are to be read only.
func (c *Fake) Actions() []Action {
	c.RLock()
	defer c.RUnlock()
	return append(make([]Action, 0, len(c.actions)), c.actions...)
}

// ClearActions empties the log.
func (c *Fake) ClearActions() {
	c.Lock()
	defer c.Unlock()
	c.actions = make([]Action, 0)
}
