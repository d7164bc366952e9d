// Package testing is what fake clientsets are made of: actions, reactors that answer them, and a tracker, which keeps
// objects as a server does.
//
//	client.CoreV1().ConfigMaps("web").Create(ctx, cm, opts)
//	   │
//	   ▼
//	Action ──▶ Fake: log ──▶ reactors of the test ──▶ ObjectReaction ──▶ tracker: Get List Create Update Patch Apply Delete
//	             │             (first that handles        (the last)        │
//	             │              the action ends it)                         ▼
//	             │                                                       storage: objects, one counter of versions, history
//	             ▼                                                          │
//	           Actions()        reactors for watches ──▶ WatchReaction ──▶ Watch ──▶ events
//
// Programs that were tested with k8s.io/client-go/testing find all of its names here. Where a test needs what is below HTTP
// (authentication, defaults, validation, subresources with an effect, discovery), use package apiservertest: it costs a
// millisecond.
//
// # Two trackers
//
// A test of a controller compares objects: what it has put in with what comes out. Another one is about behaviour, as the
// controller meets it on a server. A tracker cannot be right for both, so there are two:
//
//	                          NewObjectTracker              NewFieldManagedObjectTracker
//	                          (NewSimpleClientset)          (NewClientset)
//	what comes out            what went in, to the byte     with apiVersion and kind, uid, creationTimestamp,
//	                                                        resourceVersion, managedFields, once it is written
//	Add, and the objects      what went in                  what went in, until it is written
//	that a clientset is
//	made with
//	version in an update      stored, if it is not stale    replaced by the next one
//	update of the status      replaces the object           takes the status, and the metadata; the rest stays
//	apply                     merges, there are no owners   merges, with owners, conflicts and force
//
// So tests that compare stay green; what a test of client-go's fakes may rely on (no uid, no version, a status that is
// written by Update) holds for the first tracker, and for the second as far as client-go's does. What both do:
//
//   - Objects are copied when they go in and when they come out: nothing that a test or a controller does to one changes
//     another.
//   - There is one counter of versions over all objects, and a history. A list has a resourceVersion, and a watch from that
//     version loses nothing: neither what is created or changed between the two, nor what is deleted.
//   - A watch tells each event once, in order. When a write returns, its event is in the channels. A reader that is
//     slow, or does not read at all, keeps no writer waiting and loses nothing; it is 10,000 events later that the watch
//     ends with an ERROR event, Expired, as that of a server does.
//   - Stop closes the channel before it returns. A watch that is not stopped has no goroutine, unless it is more than a
//     hundred events behind.
//   - An update with a version that the object had and has no more is a Conflict. One without a version is unconditional, and
//     one with a version that the object never had, too: many tests make up versions.
//   - generateName gives a name that is free.
//   - Labels, and the fields metadata.name and metadata.namespace, select objects in lists, watches and deletions of
//     collections. In a watch, an object that begins to be selected is ADDED, one that no longer is DELETED. Other fields select
//     nothing and exclude nothing.
//   - A patch is one step: of two at the same time both have an effect.
//   - Deletions of collections delete. The scale subresource shows and sets spec.replicas. An apply creates what is not there.
//     Dry runs change nothing.
//   - A watch that asks for initial events (sendInitialEvents) is refused at once, as by a server without that feature, so that
//     reflectors list. Informers of package cache sync on the trackers and stay in step with them, over the ends of watches, too.
//
// What they do not: defaults, validation, graceful deletion, finalizers, garbage collection, generation, conversion between
// versions, pages of lists.
//
// # Versions in NewObjectTracker
//
// Its objects have the versions that the test gave them, mostly none, and those say nothing about order. The version of a
// list begins with a zero, 012, so that nobody compares it with them; it is good for a watch. A watch from the version of an
// object begins after the first event with it, and one from a version that no object had shows all objects, as a watch
// without a version does. In NewFieldManagedObjectTracker versions are numbers of the one counter, which is never lower than
// the version of an object that was added.
package testing
