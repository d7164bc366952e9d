// Package discovery asks an API server which groups, versions and resources it serves.
//
//	GET /api, /apis          ──▶ GroupsAndMaybeResources   groups with their versions, the core group first;
//	                                                       the resources too, if the server has the aggregated document
//	GET /apis/<group>/<v>    ──▶ ServerResourcesFor...     the resources of one version
//	both, as far as needed   ──▶ ServerGroupsAndResources, ServerPreferredResources
//	GET /version             ──▶ ServerVersion
//	GET /openapi/v2, v3      ──▶ OpenAPISchema, OpenAPIV3
//
// The aggregated document tells all in one answer for each of the two paths. Where a server does not have it, the versions are
// asked for one by one, some at a time.
//
// A group whose server does not answer does not hide the others: what is there is returned together with an
// ErrGroupDiscoveryFailed that names what is not. What is missing from a result that comes with an error may exist. Only an
// answer "not found" means that something is absent.
//
// Methods whose names end in WithContext are the ones to use; those without (compat.go) are there for programs that were
// written before. Answers are bounded in size.
package discovery
