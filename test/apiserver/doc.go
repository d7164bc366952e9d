// Package apiserver runs a real Kubernetes API server for tests and
// demonstrations: etcd and one or more kube-apiservers, built from Go modules,
// on loopback, with certificates of their own.
//
//	Start ──► build (once) ──► temporary directory: CAs, keys, tokens, logs
//	              │                         │
//	              ▼                         ▼
//	  <user cache>/kubewright/     etcd ◄─mTLS─ kube-apiserver ◄─TLS─ clients
//	  apiserver/<key>/                    ◄─mTLS─ kube-apiserver ◄─TLS─ clients
//
// The life of a cluster:
//
//  1. The binaries are taken from a cache directory outside the source tree, or
//     built into it from the module in components/: a few minutes, once per
//     version of the components and of Go.
//  2. Start makes a temporary directory with three fresh certificate authorities
//     (serving, client, etcd), a service account key and a token file; starts
//     etcd, then the kube-apiservers; and returns when each answers /readyz over
//     verified TLS and the namespaces "default" and "kube-system" exist.
//  3. Users come with a token or a client certificate ([Cluster.Admin],
//     [Cluster.AdminToken], [Cluster.Plain], [Cluster.ClientCertificate]); RBAC
//     decides what they may do. A kubeconfig says it all to other programs.
//  4. The servers can be stopped and started on their ports ([Server.Stop],
//     [Server.Kill], [Server.Start]), their certificate authority replaced
//     ([Cluster.RotateServingCA]) and the history thrown away
//     ([Cluster.CompactNow]).
//  5. [Cluster.Stop], or the end of the context given to Start, ends every
//     process and removes the directory. On Linux the kernel ends the processes
//     even when the program that started them is killed or panics.
//
// There is no controller manager, no scheduler and no node: Deployments get no
// pods, nothing collects garbage, a deleted namespace stays "Terminating", and the
// aggregated ClusterRoles (admin, edit, view) are without rules.
// The ServiceAccount admission plugin is off, as nothing makes the "default"
// service accounts that it asks for.
//
// The package needs the go command while it runs, nothing but the standard library
// to compile, and Linux or macOS.
package apiserver
