// Package foreign runs programs that nobody here wrote on the API server of pkg/apiservertest: client-go, and kubectl.
//
//	kubectl ──┐
//	          ├── HTTPS ──▶ apiservertest
//	client-go ┘
//
// What they rely on is what the server must have, whether or not we have thought of it.
package foreign
