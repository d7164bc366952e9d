// Package fake is what generated fake clients stand on, as package runtime is for the real ones: generated files hold names
// and types, the behaviour behind every one-line method is here.
//
//	generated fakes                  this package                     pkg/testing
//	typed/<group>/<version>/fake
//	  newFakeConfigMaps    ──────▶   FakeClientWithList[T, L]
//	    Create, Get, List…             FakeClient[T]     ── Action ──▶ Fake: log, reactors ──▶ tracker
//	  GetScale, CreateToken… ────▶   GetAs, CreateAs…    ── Action ──▶
//	clientset/fake
//	  NewSimpleClientset   ──────▶   Fill                ────────────────────────────────────▶ tracker
//
// The way of a call, for example ConfigMaps("web").Update(ctx, cm, opts): it becomes an action, which Fake logs and gives to
// its reactors, in turn. The last of them keeps objects in a tracker. What the reactor answers is returned: its object, an
// empty one if it has none, and its error. An object of another Go type than the client's is converted if it is
// unstructured, and else an error that says so.
//
// The context of a call is not looked at.
//
// The names FakeClient, FakeClientWithList, FakeClientWithApply and FakeClientWithListAndApply, and those of their
// constructors, are those of client-go's gentype package, as are FromPointerSlice and ToPointerSlice. They are not in package
// runtime, so that no program links them that is not a test.
package fake
