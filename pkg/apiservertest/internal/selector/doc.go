// Package selector decides which objects a list, a watch or a deletion of a collection is about.
//
//	labelSelector ──▶ Parse ──▶ Selector ── Matches(object) ──▶ yes or no
//	fieldSelector ──▶   ▲
//	                    └── the fields that objects of the resource can be selected by (fields.go)
//
// What it refuses it refuses with the texts of kube-apiserver v1.36.
package selector
