// Package clientcmd turns kubeconfig files, flags and the pod around a process into a rest.Config, and changes kubeconfig files.
//
//	file(s) ── load ──▶ api.Config, merged ── context, overrides ──▶ cluster, user ── validate ──▶ rest.Config
//	         (load.go, rules.go)               (direct.go, merge.go)            (validate.go)   (restconfig.go)
//	   ▲                     │
//	   └─── write, locked ───┘ change
//	    (write.go, lock.go)     (update.go)
//
// # Reading
//
// Most programs need BuildConfigFromFlags, or RESTConfigFromKubeConfig for bytes. Tools that follow kubectl's rules use
//
//	rules := clientcmd.NewDefaultClientConfigLoadingRules() // $KUBECONFIG or ~/.kube/config
//	overrides := &clientcmd.ConfigOverrides{}               // BindOverrideFlags makes kubectl's flags set them
//	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides).ClientConfig()
//
// The life of a kubeconfig:
//
//  1. ClientConfigLoadingRules name the files. Each is read (Load), which sets defaults, and each entry notes its file.
//  2. Files are merged: for each name of a cluster, user or context, the entry of the first file that has it counts, as a whole.
//     The first current context counts. Relative paths are resolved against the directory of their own file.
//  3. The context is chosen: ConfigOverrides.CurrentContext, or else the name given to a constructor, or else the current
//     context. It names cluster, user and namespace.
//  4. Overrides are put in. A credential replaces its own kind as a whole: a certificate never meets a key from elsewhere.
//  5. All that is wrong with the choice is told at once. An error names the file, the entry in it and the cure, and never a
//     secret. Entries that were not chosen may be wrong: Validate looks at all of them.
//  6. The rest.Config is made. Credentials are left out unless the server is spoken to by TLS.
//
// If there is no kubeconfig, and none was asked for by its path, a process in a pod gets the configuration of its cluster.
//
// # Changing
//
// UpdateConfig locks, reads, changes and writes the files that entries come from, so that programs that do so at the same
// time do not lose each other's changes. ModifyConfig is client-go's form of it. Files are replaced, never written into: a
// crash or a full disk leaves the old file. They are readable by their owner only (0600), whatever they were before.
//
// The lock is one of the operating system, on a file next to the kubeconfig (".flock"), which ends with the process that has
// it. client-go's is a ".lock" file, which stays after a crash; the two do not know each other.
//
// # Kubeconfigs of others
//
// A kubeconfig can run commands, read files and send them elsewhere. LoadUntrusted reads one that cannot.
//
// # Differences to client-go
//
// Each has a case in test/compat: a key without certificate, a user that is not there, a CA together with
// insecure-skip-tls-verify, a password together with a token file, and a timeout below 0 are errors here. Certificate and
// key are never from different sources. A --token flag wins over a token file. A server without scheme is spoken to by TLS if
// there is a CA for it. An explicit file that is empty is an error even in a pod. api.RedactSecrets also redacts what
// credential plugins are given, and passwords in URLs. Questions for credentials go to standard error.
package clientcmd
