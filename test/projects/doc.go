// Package projects generates clients for the API types of real projects, as they are published, and uses them.
//
// Each project is a module from the proxy, with a layout of its own: groups in doc.go or in groupversion_info.go, tags of
// code-generator or markers of kubebuilder, versions below one directory or several. Its API packages are copied without
// what was generated in them, or used where they are; kubewright generates everything for them; all of it is built; and the
// program below testdata lists, watches, applies and fakes one of the kinds.
//
// The projects are required by go.mod, so that each version is pinned, and nothing is downloaded while the tests run.
package projects
