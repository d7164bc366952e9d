// Package request says what an HTTP request asks of an API server, by its method, path and query alone, the way a
// kube-apiserver does for authorization and audit: no catalog of resources is needed, and none is consulted.
//
//	GET /apis/apps/v1/namespaces/shop/deployments/web/status?pretty=1
//	  ▼ Parse
//	Info{Verb: get, Group: apps, Version: v1, Resource: deployments, Subresource: status, Namespace: shop, Name: web}
//	  ▼ Match.Selects
//	a fault rule hits it, a query on the record counts it
package request
