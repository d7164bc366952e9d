// Package exec gets credentials from a credential plugin: a program that prints an ExecCredential of the API group
// client.authentication.k8s.io, version v1 or v1beta1 (KEP-541).
//
//	request ─▶ Authenticator ─ Credential(ctx) ─▶ refresh.Source ─ one run for all who wait ─▶ plugin.run ─▶ program
//	              │                                                                    (plugin.go, execute.go)
//	              └─ token, or a connection with the client certificate ─▶ server ─ 401 ─▶ one more run, one more try
//
// A run:
//
//  1. The command is looked up, and the policy asked whether it may run (policy.go). If it is not there, the error has the
//     install hint, ten times in an hour (hint.go).
//  2. It gets the environment of this process, that of its configuration, and KUBERNETES_EXEC_INFO (input.go). It gets
//     standard input if its interactiveMode asks for it and that is a terminal (interactive.go).
//  3. It has a minute, or ten if it talks to a person. When that is over, or nobody waits any more, it is killed, and with
//     it all that it started, unless it is interactive: then it shares the process group of this process, which is what
//     lets it read from the terminal.
//  4. Its standard output is read up to 1 MiB and decoded (output.go). Its standard error goes to that of this process: as
//     it is if interactive, else bounded and without control characters. Neither gets into errors or logs (pipes.go).
//
// No lock is held while a plugin runs, and plugins do not wait for each other, but for the terminal.
package exec
