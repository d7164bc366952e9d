package compat

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kubeconfigs returns all cases.
func kubeconfigs(t *testing.T) []kubeconfig {
	var cases []kubeconfig
	cases = append(cases, realWorld(t)...)
	cases = append(cases, wrongValues()...)
	cases = append(cases, mistakes()...)
	cases = append(cases, syntax()...)
	cases = append(cases, merges()...)
	cases = append(cases, overridden()...)
	return cases
}

// realWorld are the files in testdata, which have the shapes that real tools write, with each of their contexts.
func realWorld(t *testing.T) (cases []kubeconfig) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		cases = append(cases,
			kubeconfig{name: name, files: []string{string(data)}, explicit: true},
			kubeconfig{name: name + " in a list", files: []string{missing, string(data)}})
	}
	return cases
}

// one is a kubeconfig with one of each, to which fields can be added.
func one(top, cluster, user, context string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: c
  cluster:
    server: https://server.example:6443
%s
users:
- name: u
  user:
    token: t
%s
contexts:
- name: x
  context:
    cluster: c
    user: u
%s
current-context: x
%s`, cluster, user, context, top)
}

// without removes a line.
func without(line, content string) string {
	if !strings.Contains(content, line) {
		panic(line)
	}
	return strings.Replace(content, line, "", 1)
}

// wrongValues puts values of each kind into each field.
func wrongValues() (cases []kubeconfig) {
	values := map[string]string{"number": "12", "bool": "true", "null": "null", "empty": `""`, "list": "[1]", "mapping": "{k: 1}", "text": "text"}
	add := func(where, field string, build func(line string) string) {
		for kind, value := range values {
			cases = append(cases, kubeconfig{name: fmt.Sprintf("%s %s is %s", where, field, kind), files: []string{build(field + ": " + value)}, explicit: true, names: field})
		}
	}
	for _, field := range []string{"server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data", "proxy-url", "disable-compression", "extensions", "unknown"} {
		add("cluster", field, func(line string) string {
			if field == "server" {
				return without("    server: https://server.example:6443\n", one("", "    "+line, "", ""))
			}
			return one("", "    "+line, "", "")
		})
	}
	for _, field := range []string{"client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile", "as", "as-uid", "as-groups",
		"as-user-extra", "username", "password", "auth-provider", "exec", "extensions", "unknown"} {
		add("user", field, func(line string) string {
			return without("    token: t\n", one("", "", "    "+line, ""))
		})
	}
	for _, field := range []string{"cluster", "user", "namespace", "extensions", "unknown"} {
		add("context", field, func(line string) string {
			content := one("", "", "", "    "+line)
			if field == "cluster" {
				return without("    cluster: c\n", content)
			}
			if field == "user" {
				return without("    user: u\n", content)
			}
			return content
		})
	}
	for _, field := range []string{"preferences", "extensions", "unknown"} {
		add("top", field, func(line string) string { return one(line, "", "", "") })
	}
	for _, field := range []string{"clusters", "users", "contexts", "current-context", "kind", "apiVersion"} {
		add("alone", field, func(line string) string { return line })
	}
	for _, field := range []string{"command", "args", "env", "installHint", "provideClusterInfo", "interactiveMode", "apiVersion"} {
		add("exec", field, func(line string) string {
			lines := "    exec:\n"
			for name, value := range map[string]string{"command": "plugin", "apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never"} {
				if name != field {
					lines += fmt.Sprintf("      %s: %s\n", name, value)
				}
			}
			return without("    token: t\n", one("", "", lines+"      "+line, ""))
		})
	}
	return cases
}

// mistakes are values that are of the right kind and wrong.
func mistakes() []kubeconfig {
	cluster := func(name, lines, names string) kubeconfig {
		return kubeconfig{name: "cluster " + name, files: []string{one("", lines, "", "")}, explicit: true, names: names}
	}
	user := func(name, lines, names string) kubeconfig {
		return kubeconfig{name: "user " + name, files: []string{without("    token: t\n", one("", "", lines, ""))}, explicit: true, names: names}
	}
	exec := func(name, version, lines string) kubeconfig {
		return user("exec "+name, "    exec:\n      command: plugin\n      apiVersion: client.authentication.k8s.io/"+version+"\n"+lines, `"u"`)
	}
	return []kubeconfig{
		cluster("CA file", "    certificate-authority: ca.pem", ""),
		cluster("CA file, absolute", "    certificate-authority: $DIR/ca.pem", ""),
		cluster("CA file that is not there", "    certificate-authority: none.pem", "certificate-authority"),
		cluster("CA data", "    certificate-authority-data: Y2E=", ""),
		cluster("CA data that is no base64", "    certificate-authority-data: '%%%'", "certificate-authority-data"),
		cluster("CA file and data", "    certificate-authority: ca.pem\n    certificate-authority-data: Y2E=", "certificate-authority"),
		cluster("CA and insecure", "    certificate-authority-data: Y2E=\n    insecure-skip-tls-verify: true", "insecure-skip-tls-verify"),
		cluster("CA file and insecure", "    certificate-authority: ca.pem\n    insecure-skip-tls-verify: true", "insecure-skip-tls-verify"),
		cluster("insecure", "    insecure-skip-tls-verify: true", ""),
		cluster("everything", "    tls-server-name: n1\n    certificate-authority: ca.pem\n    proxy-url: http://proxy:3128\n    disable-compression: true\n    extensions: [{name: e, extension: {a: 1}}]", ""),
		cluster("proxy http", "    proxy-url: http://u:p@proxy:3128", ""),
		cluster("proxy https", "    proxy-url: https://proxy", ""),
		cluster("proxy socks5", "    proxy-url: socks5://proxy:1080", ""),
		cluster("proxy socks5h", "    proxy-url: socks5h://proxy:1080", "proxy-url"),
		cluster("proxy ftp", "    proxy-url: ftp://proxy", "proxy-url"),
		cluster("proxy without scheme", "    proxy-url: proxy:3128", "proxy-url"),
		cluster("proxy without host", "    proxy-url: 'http://'", "proxy-url"),
		cluster("proxy that is no URL", "    proxy-url: 'http://[::1'", "proxy-url"),
		cluster("extension twice", "    extensions: [{name: e, extension: 1}, {name: e, extension: 2}]", `"e"`),
		cluster("two of one name", "- name: c\n  cluster: {server: 'https://other'}", `"c"`),
		{name: "cluster over HTTP", files: []string{strings.Replace(one("", "", "", ""), "https://", "http://", 1)}},
		{name: "cluster without scheme", files: []string{strings.Replace(one("", "", "", ""), "https://", "", 1)}},
		{name: "cluster without scheme and with CA", files: []string{strings.Replace(one("", "    certificate-authority-data: Y2E=", "", ""), "https://", "", 1)}},
		{name: "cluster with a path", files: []string{strings.Replace(one("", "", "", ""), ":6443", ":6443/k8s/clusters/c-1", 1)}},

		user("without anything", "", ""),
		user("token", "    token: t", ""),
		user("token and file", "    token: t\n    tokenFile: token", ""),
		user("token and file that is not there", "    token: t\n    tokenFile: none", ""),
		user("token file", "    tokenFile: token", ""),
		user("token file that ends with a newline", "    tokenFile: token-line", ""),
		user("token file, absolute", "    tokenFile: $DIR/token", ""),
		user("token file that is not there", "    tokenFile: none", "tokenFile"),
		user("token file that is a directory", "    tokenFile: $DIR", "tokenFile"),
		user("basic", "    username: n1\n    password: p", ""),
		user("password alone", "    password: p", ""),
		user("name alone", "    username: n1", ""),
		user("basic and token", "    username: n1\n    password: p\n    token: t", `"u"`),
		user("basic and token file", "    username: n1\n    password: p\n    tokenFile: token", `"u"`),
		user("basic and certificate", "    username: n1\n    password: p\n    client-certificate-data: YQ==\n    client-key-data: YQ==", ""),
		user("token and certificate", "    token: t\n    client-certificate-data: YQ==\n    client-key-data: YQ==", ""),
		user("certificate files", "    client-certificate: cert.pem\n    client-key: key.pem", ""),
		user("certificate data", "    client-certificate-data: YQ==\n    client-key-data: Yg==", ""),
		user("certificate file and key data", "    client-certificate: cert.pem\n    client-key-data: Yg==", ""),
		user("certificate data and key file", "    client-certificate-data: YQ==\n    client-key: key.pem", ""),
		user("certificate without key", "    client-certificate: cert.pem", "client-key"),
		user("certificate data without key", "    client-certificate-data: YQ==", "client-key"),
		user("key without certificate", "    client-key: key.pem", "client-certificate"),
		user("key data without certificate", "    client-key-data: YQ==", "client-certificate"),
		user("certificate file that is not there", "    client-certificate: none.pem\n    client-key: key.pem", "client-certificate"),
		user("key file that is not there", "    client-certificate: cert.pem\n    client-key: none.pem", "client-key"),
		user("certificate file and data", "    client-certificate: cert.pem\n    client-certificate-data: YQ==\n    client-key-data: YQ==", "client-certificate"),
		user("key file and data", "    client-certificate-data: YQ==\n    client-key: key.pem\n    client-key-data: YQ==", "client-key"),
		user("certificate data that is no base64", "    client-certificate-data: '!'\n    client-key-data: YQ==", "client-certificate-data"),
		user("key data that is no base64", "    client-certificate-data: YQ==\n    client-key-data: '!'", "client-key-data"),
		user("impersonates", "    token: t\n    as: a\n    as-uid: '1'\n    as-groups: [g, h]\n    as-user-extra: {k: [v, w]}", ""),
		user("impersonates groups alone", "    token: t\n    as-groups: [g]", "as-groups"),
		user("impersonates extra alone", "    token: t\n    as-user-extra: {k: [v]}", "as-user-extra"),
		user("impersonates uid alone", "    token: t\n    as-uid: '1'", "as-uid"),
		exec("v1", "v1", "      interactiveMode: Never"),
		exec("v1 with everything", "v1", "      interactiveMode: IfAvailable\n      args: [a, b]\n      env: [{name: N1, value: v}]\n      installHint: hint\n      provideClusterInfo: true"),
		exec("v1 without mode", "v1", ""),
		exec("v1beta1 without mode", "v1beta1", ""),
		exec("v1alpha1 without mode", "v1alpha1", ""),
		exec("of another version", "v7", "      interactiveMode: Never"),
		exec("with a mode that is none", "v1", "      interactiveMode: Sometimes"),
		exec("with a variable without name", "v1", "      interactiveMode: Never\n      env: [{value: v}]"),
		exec("with a token", "v1", "      interactiveMode: Never\n    token: t"),
		exec("with a password", "v1", "      interactiveMode: Never\n    username: n1\n    password: p"),
		exec("with a certificate", "v1", "      interactiveMode: Never\n    client-certificate-data: YQ==\n    client-key-data: YQ=="),
		exec("with auth-provider", "v1", "      interactiveMode: Never\n    auth-provider: {name: oidc}"),
		user("exec without version", "    exec: {command: plugin, interactiveMode: Never}", "apiVersion"),
		user("exec without command", "    exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", "command"),
		user("exec with a relative command", "    exec: {command: bin/plugin, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", ""),
		user("exec with a command in the directory", "    exec: {command: ./plugin, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", ""),
		user("auth-provider", "    auth-provider: {name: oidc, config: {id-token: t, idp-issuer-url: 'https://i'}}", ""),
		user("auth-provider without config", "    auth-provider: {name: oidc}", ""),
		user("auth-provider and token", "    auth-provider: {name: oidc}\n    token: t", ""),

		{name: "context with namespace", files: []string{one("", "", "", "    namespace: ns1")}},
		{name: "context with a namespace that is none", files: []string{one("", "", "", "    namespace: Not_A_Name")}, names: "namespace"},
		{name: "context without cluster", files: []string{without("    cluster: c\n", one("", "", "", ""))}, names: `"x"`},
		{name: "context without user", files: []string{without("    user: u\n", one("", "", "", ""))}, names: `"x"`},
		{name: "context of a cluster that is not there", files: []string{strings.Replace(one("", "", "", ""), "cluster: c", "cluster: d", 1)}, names: `"d"`},
		{name: "context of a user that is not there", files: []string{strings.Replace(one("", "", "", ""), "user: u", "user: v", 1)}, names: `"v"`},
		{name: "no current context", files: []string{without("current-context: x", one("", "", "", ""))}, names: "current-context"},
		{name: "current context that is not there", files: []string{strings.Replace(one("", "", "", ""), "current-context: x", "current-context: none", 1)}, names: `"none"`},
		{name: "mistake in a context that is not chosen", files: []string{one("", "- name: d\n  cluster: {proxy-url: 'ftp://p'}", "- name: v\n  user: {client-key: none}", "- name: other\n  context: {cluster: none, user: none}")}},
		{name: "two contexts of one name", files: []string{one("", "", "", "- name: x\n  context: {cluster: c}")}, names: `"x"`},
		{name: "two users of one name", files: []string{one("", "", "- name: u\n  user: {}", "")}, names: `"u"`},
	}
}
