// Package customresource makes CustomResourceDefinitions work: each that is stored becomes a resource of the catalog, with its versions, names, subresources,
// printer columns, and, where a library of schemas is at hand, its schemas.
//
//	clients ── registry ──▶ storage: CustomResourceDefinitions ── Watch ──▶ Controller ── Add, Remove ──▶ catalog
//	              ▲                       ▲                                  │   │
//	              │ Rules                 └──────── conditions, names ───────┘   │
//	              ├── of definitions: validation, defaults                       ▼
//	              └── of custom objects: pruning, defaults, validation ◀──── served (a definition, compiled) ◀── schemas.Library
//	codec ── Columns ────────────────────────────────────────────────────────────┤
//	patch ── Schema ─────────────────────────────────────────────────────────────┘
//
// The life of a definition:
//
//  1. It is created as any object. Rules ([registry.Rules]) of its resource complete its names, and refuse what kube-apiserver refuses.
//  2. The controller sees it in the storage. It accepts the names that no other definition of the group has (condition NamesAccepted); if these are all, the
//     resource goes into the catalog, and then the condition Established into the status: who sees it can use the resource.
//  3. A change compiles it again. Names that become free are given to who waits for them.
//  4. To delete it begins with BeginDelete: the finalizer keeps it, and new objects are refused. The controller deletes all objects, waits until the last one
//     with finalizers is gone, removes the finalizer, and with it the definition and its resource.
//
// Definitions are kept unstructured, since k8s.io/api has no type for them; the types here are for this package alone.
//
// What differs from kube-apiserver v1.36:
//
//   - Conversion webhooks are not called: the storage version alone is served then, and a warning says so.
//   - A printer column whose path cannot be read ends the columns, as there, but is a warning, too.
//   - The warnings of unknown fields of a definition are sorted, not in the order of the fields.
//   - Errors of versions that are no good as a list show nothing of their schemas, subresources and columns.
//   - Without a library of schemas, custom objects are kept as they are sent, and only their metadata and the numbers of their scale are checked.
package customresource
