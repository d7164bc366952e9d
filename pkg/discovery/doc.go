// Package discovery asks an API server which groups, versions and resources it serves.
//
//	GET /api, /apis          ──▶ ServerGroups             groups with their versions, the core group first
//	GET /apis/<group>/<v>    ──▶ ServerResourcesFor...    the resources of one version
//	both, for all versions   ──▶ ServerGroupsAndResources
//	GET /version             ──▶ ServerVersion
//
// A group whose server does not answer does not hide the others: what is there is returned together with an
// ErrGroupDiscoveryFailed that names what is not. What is missing from a result that comes with an error may exist.
//
// This version reads one document per group and version; the aggregated document is not asked for yet.
package discovery
