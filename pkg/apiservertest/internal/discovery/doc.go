// Package discovery answers what a client asks before it asks for objects: which groups,
// versions and resources there are, which version the server has, and whether it is well.
//
//	GET /api, /apis             which groups and versions; with everything in them, if the client accepts that
//	GET /apis/<group>           the versions of one group
//	GET /api/v1                 the resources of one version
//	GET /apis/<group>/<version>
//	GET /version
//	GET /healthz, /livez, /readyz, and /<one of these>/<check>
//
// The life of a request:
//
//  1. [Owns] tells the server which paths are discovery's; [Handler] gets those.
//  2. The documents are made from the catalog, all at once and at most once for each of its
//     states, so a custom resource is there in the request after its creation.
//  3. The Accept header chooses between JSON, YAML, protobuf and CBOR, and at /api and
//     /apis whether the answer is aggregated: all groups with their resources, as an
//     APIGroupDiscoveryList of apidiscovery.k8s.io/v2, which has an ETag.
//
// The answers are those of kube-apiserver v1.36, which has aggregated discovery in v2 only
// (clients that know no more than v2beta1 get the plain documents, or 406), answers any
// method at some paths, and finds a group that it does not have in another way than a version
// of a group that it has. Tests compare them byte by byte with testdata/answers.jsonl, which
// test/apiserver/cmd/record-answers writes. These differences are known:
//
//   - kube-apiserver lists its start-up hooks as health checks; there are none here.
//   - CBOR is always offered; kube-apiserver hides it behind a feature gate.
//   - /version says whose server this is in the build metadata of gitVersion.
package discovery
