// Package runtime is what generated clients stand on: generated files hold
// names and types, the behaviour behind every one-line method is here.
//
//	generated code                         this package                  below
//	typed/<group>/<version>
//	  var api                ──────────▶   API: where a group version
//	  NewForConfig                         is served, its own scheme ──▶ rest.RESTClientFor
//	  newConfigMaps          ──────────▶   ClientWithList[T, L]
//	    Create, Get, List…                   ├ collection[L]: List, EachItem
//	                                         └ Client[T]
//	                                             └ resource: verb  ────▶ rest.Request ──▶ server
//	  Apply, ApplyStatus     ──────────▶   ClientWithListAndApply[T, L, C]
//	  GetScale, CreateToken… ──────────▶   GetAs, CreateAs, ApplyAs…
//	clientset
//	  NewForConfigAndClient  ──────────▶   ClientsetConfig (one rate limiter for all groups)
//	scheme                   ──────────▶   NewScheme
//
// The way of a call, for example ConfigMaps("web").Update(ctx, cm, opts):
//
//  1. The generated method is promoted from Client[T], which asks its resource
//     for the request of the verb: a pure value, nothing is sent.
//  2. rest sends it and decodes the answer into a fresh object. The caller owns
//     that object; the argument is never kept or changed.
//  3. A refusal of the server comes back as an *errors.StatusError, to be asked
//     with errors.IsNotFound, errors.IsConflict and so on.
//
// Clients hold no state of their own: they are safe for concurrent use, cheap
// to make, and need no closing.
//
// The names Client, ClientWithList, ClientWithApply and ClientWithListAndApply,
// those of their constructors, Option and PrefersProtobuf are those of
// client-go's gentype package. Its fakes are in package fake.
package runtime
