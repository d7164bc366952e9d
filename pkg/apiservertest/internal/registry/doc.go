// Package registry has the verbs of the API: what get, list, watch, create, update, patch and delete do to objects, as kube-apiserver does it, and nothing
// of HTTP.
//
//	endpoint ── Request{Target, User}, options, object ──▶ Registry ───────────▶ storage
//	                                                          │  ▲
//	                       strategies, views (subresources) ◀─┘  ├─ FieldManagers, patches
//	                       namespace and garbage controllers     └─ Convert (versions), Rules (custom resources)
//
// The life of a write:
//
//  1. The object that the client sent, of the target's version, is converted to the version that the storage has (Config.Convert).
//  2. Defaults are set, and managed fields recorded (Config.Fields): the client owns what it sent with its defaults, nothing that comes later.
//  3. What the client may not set is taken from the stored object, or made: uid, creationTimestamp, generation, and what does not belong to the
//     subresource that is written.
//  4. The object is checked: its metadata, the rules of its kind (strategy.go), what a custom resource's definition says (Config.Rules).
//  5. It is stored, unless the write is a dry run, or changes nothing, or removes the last finalizer of an object that is being deleted. If
//     somebody else has written meanwhile, all begins again at 2, in the transaction.
//
// # Objects
//
// Objects that a Registry is given are of the target's version, and belong to it from then on. Objects that it returns are those of the storage, in the
// version that the storage has: they are shared, nobody may change them, and who sends them converts them. So an encoding can be kept with its object. Events
// of events.k8s.io are stored, and returned, as those of the core group. Subresources with a kind of their own (a Scale, an Eviction) are given and returned
// as that.
//
// # What is not as on a real server
//
//   - Of the contents of built-in objects only metadata and a few immutable fields are checked (immutable.go): the rest comes with the internal types of
//     kube-apiserver, which are not to be had as a light library. Defaults there are all (package defaulting).
//   - Of admission plugins there is what new pods, services, nodes, volumes and claims get from them. The service "kubernetes" does not exist.
//   - The finalizers that protect volumes and claims hold them as on a kube-apiserver without controllers: who deletes one takes its finalizer away. Only a
//     claim that goes with its namespace or its owner is let go of.
//   - A namespace that is deleted is emptied at once, and scheduled pods in it are given no time: there is no kubelet that would end it.
//   - A resourceVersion from the future is refused at once, not after three seconds of waiting for it.
//   - Tokens of service accounts are signed with a key that everybody knows. Logs are canned unless Config.Log brings some.
//   - Events live until they are deleted.
//
// # Errors
//
// All errors are *apierrors.StatusError with code, reason, message, details and causes of kube-apiserver v1.36, except those of contexts, and io.EOF at the
// end of a watch.
package registry
