package compat

import "strings"

// syntax are ways to write a kubeconfig, and not to.
func syntax() []kubeconfig {
	plain := one("", "", "", "")
	var cases []kubeconfig
	for name, content := range map[string]string{
		"empty":                   "",
		"spaces":                  " \n\n",
		"comment":                 "# nothing\n",
		"document mark":           "---\n",
		"null":                    "null",
		"braces":                  "{}",
		"list":                    "[]",
		"text":                    "hello",
		"number":                  "7",
		"kind alone":              "apiVersion: v1\nkind: Config\n",
		"plain":                   plain,
		"without version or kind": strings.NewReplacer("apiVersion: v1\n", "", "kind: Config\n", "").Replace(plain),
		"without version":         without("apiVersion: v1\n", plain),
		"without kind":            without("kind: Config\n", plain),
		"another kind":            strings.Replace(plain, "kind: Config", "kind: Secret", 1),
		"another version":         strings.Replace(plain, "apiVersion: v1", "apiVersion: v2", 1),
		"another group":           strings.Replace(plain, "apiVersion: v1", "apiVersion: config/v1", 1),
		"CRLF":                    strings.ReplaceAll(plain, "\n", "\r\n"),
		"BOM":                     "\xef\xbb\xbf" + plain,
		"not UTF-8":               strings.Replace(plain, "token: t", "token: \"\xff\"", 1),
		"control character":       strings.Replace(plain, "token: t", "token: \"\x01\"", 1),
		"tab":                     strings.Replace(plain, "    token: t", "\ttoken: t", 1),
		"two documents":           plain + "\n---\n" + strings.ReplaceAll(plain, "token: t", "token: second"),
		"document mark first":     "---\n" + plain,
		"key twice":               plain + "\ncurrent-context: x\n",
		"field twice":             strings.Replace(plain, "    token: t", "    token: t\n    token: second", 1),
		"wrong indentation":       strings.Replace(plain, "  user:\n", " user:\n", 1),
		"cut off":                 plain[:len(plain)/2] + "{",
		"anchor":                  "x-server: &s https://anchored\n" + strings.Replace(plain, "server: https://server.example:6443", "server: *s", 1),
		"merge key":               "x-user: &u {username: n1, password: p}\n" + strings.Replace(plain, "    token: t", "    <<: *u", 1),
		"unknown anchor":          strings.Replace(plain, "token: t", "token: *none", 1),
		"anchor of itself":        "a: &a [*a]",
		"another case":            strings.Replace(plain, "current-context", "Current-Context", 1),
		"block text":              strings.Replace(plain, "token: t", "token: |-\n      long\n      text", 1),
		"folded data":             strings.Replace(plain, "token: t", "client-certificate-data: |\n      Y2Vy\n      dA==\n    client-key-data: >-\n      a2\n      V5", 1),
		"quoted number":           strings.Replace(plain, "token: t", "token: '0123'", 1),
		"octal number":            strings.Replace(plain, "token: t", "token: 0123", 1),
		"tagged text":             strings.Replace(plain, "token: t", "token: !!str 123", 1),
		"tagged binary":           strings.Replace(plain, "token: t", "token: !!binary dA==", 1),
		"yes":                     strings.Replace(plain, "server:", "insecure-skip-tls-verify: yes\n    server:", 1),
		"null entries":            "clusters: [null]\nusers: [null]\ncontexts: [null]\n",
		"entries without names":   "clusters: [{cluster: {server: 'https://h'}}]\nusers: [{user: {token: t}}]\ncontexts: [{context: {cluster: ''}}]\n",
		"null sections":           "clusters: [{name: c, cluster: null}]\nusers: [{name: u, user: null}]\ncontexts: [{name: x, context: null}]\ncurrent-context: x",
		"JSON":                    `{"apiVersion":"v1","kind":"Config","clusters":[{"name":"c","cluster":{"server":"https://json"}}],"users":[{"name":"u","user":{"token":"t"}}],"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],"current-context":"x"}`,
		"JSON, cut off":           `{"apiVersion":"v1","kind":"Config","clusters":[`,
		"JSON with a comma":       `{"apiVersion":"v1","kind":"Config",}`,
		"names of any form":       strings.NewReplacer("name: c", "name: 'a/b:c d'", "cluster: c", "cluster: 'a/b:c d'").Replace(plain),
		"name that is a number":   strings.NewReplacer("name: c", "name: 1", "cluster: c", "cluster: 1").Replace(plain),
	} {
		cases = append(cases,
			kubeconfig{name: "syntax: " + name, files: []string{content}, explicit: true},
			kubeconfig{name: "syntax: " + name + ", in a list", files: []string{content, missing}})
	}
	return append(cases,
		kubeconfig{name: "file that is not there", files: []string{missing}, explicit: true, names: "no such file"},
		kubeconfig{name: "no file at all", files: []string{missing, missing}})
}

// merges are lists of files.
func merges() []kubeconfig {
	const (
		clusterA = "clusters: [{name: c, cluster: {server: 'https://a', tls-server-name: a}}]\n"
		clusterB = "clusters: [{name: c, cluster: {server: 'https://b', disable-compression: true}}, {name: d, cluster: {server: 'https://d'}}]\n"
		userA    = "users: [{name: u, user: {token: a}}]\n"
		userB    = "users: [{name: u, user: {tokenFile: token, as: b}}, {name: v, user: {username: v, password: v}}]\n"
		contextA = "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
		contextB = "contexts: [{name: x, context: {cluster: d, user: v, namespace: ns1}}, {name: other, context: {cluster: d, user: v, namespace: ns2}}]\n"
		currentX = "current-context: x\n"
		currentY = "current-context: other\n"
		certOnly = "users: [{name: u, user: {client-certificate-data: YQ==}}]\n"
		keyOnly  = "users: [{name: u, user: {client-key-data: YQ==}}]\n"
	)
	return []kubeconfig{
		{name: "merge: one of each", files: []string{clusterA, userA, contextA, currentX}},
		{name: "merge: in another order", files: []string{currentX, contextA, userA, clusterA}},
		{name: "merge: the first cluster wins", files: []string{clusterA + userA, clusterB + contextA + currentX}},
		{name: "merge: the first cluster wins, as a whole", files: []string{clusterB + userA, clusterA + contextA + currentX}},
		{name: "merge: the first user wins", files: []string{clusterA + userB, userA + contextA + currentX}},
		{name: "merge: the first context wins", files: []string{clusterA + clusterless + contextB, clusterless + userA + contextA + currentX}},
		{name: "merge: the first current context wins", files: []string{currentY, clusterB + userB + contextB + currentX}},
		{name: "merge: the second current context loses", files: []string{clusterB + userB + contextB + currentX, currentY}},
		{name: "merge: three files", files: []string{clusterA, missing, clusterB + userB + contextB + currentY}},
		{name: "merge: a certificate meets no key of another file", files: []string{certOnly + clusterA, keyOnly + contextA + currentX}, names: "client-key"},
		{name: "merge: an empty file first", files: []string{"", clusterA + userA + contextA + currentX}},
		{name: "merge: an empty file last", files: []string{clusterA + userA + contextA + currentX, ""}},
		{name: "merge: a broken file first", files: []string{"[", clusterA + userA + contextA + currentX}, names: "YAML"},
		{name: "merge: a broken file last", files: []string{clusterA + userA + contextA + currentX, "["}, names: "YAML"},
		{name: "merge: a file twice of the same content", files: []string{clusterA + userA + contextA + currentX, clusterA + userA + contextA + currentX}},
		{name: "merge: a context of another file", files: []string{contextB + currentY, clusterB, userB}},
		{name: "merge: only contexts", files: []string{contextA + currentX, contextB}, names: `"x"`},
		{name: "merge: relative paths of each file", files: []string{"clusters: [{name: c, cluster: {server: 'https://a', certificate-authority: ca.pem}}]\n" + contextA, "users: [{name: u, user: {client-certificate: cert.pem, client-key: ./key.pem}}]\n" + currentX}},
		{name: "merge: null sections", files: []string{"clusters: null\nusers: null\ncontexts: null\n", clusterA + userA + contextA + currentX}},
		{name: "merge: preferences and extensions", files: []string{"preferences: {colors: true}\n", "extensions: [{name: e, extension: {a: 1}}]\n" + clusterA + userA + contextA + currentX}},
	}
}

const clusterless = "preferences: {}\n"

// overridden are kubeconfigs with flags.
func overridden() []kubeconfig {
	content := one("", "    certificate-authority-data: Y2E=\n    tls-server-name: n1\n- name: d\n  cluster: {server: 'https://d', insecure-skip-tls-verify: true, proxy-url: 'http://p:1'}",
		"- name: cert\n  user: {client-certificate: cert.pem, client-key: key.pem}\n- name: basic\n  user: {username: n1, password: p}\n- name: file\n  user: {tokenFile: token}\n- name: as\n  user: {token: t, as: a, as-groups: [g]}",
		"- name: other\n  context: {cluster: d, user: cert, namespace: ns1}\n- name: z\n  context: {cluster: c, user: basic}")
	var cases []kubeconfig
	for _, flags := range []string{
		"--context=other", "--context=z", "--context=none", "--cluster=d", "--cluster=none", "--user=cert", "--user=basic", "--user=file", "--user=none",
		"--context=other --cluster=c", "--context=other --user=as", "--context=other --cluster=c --user=basic",
		"--namespace=ns9", "-n ns/ns9", "--namespace=namespaces/ns9", "--namespace=Not_A_Name", "--context=other -n ns9",
		"--server=https://other", "--server=http://other", "--server=other", "--server=https://other --tls-server-name=m", "--tls-server-name=m",
		"--insecure-skip-tls-verify", "--cluster=d --insecure-skip-tls-verify=false", "--certificate-authority=ca.pem", "--certificate-authority=none.pem",
		"--certificate-authority=ca.pem --insecure-skip-tls-verify", "--cluster=d --certificate-authority=ca.pem", "--proxy-url=socks5://q:2", "--proxy-url=ftp://q", "--cluster=d --proxy-url=http://q:2",
		"--disable-compression", "--token=other", "--user=cert --token=other", "--user=basic --token=other", "--user=file --token=other", "--user=as --token=other",
		"--username=m --password=q", "--user=basic --username=m", "--user=basic --password=q", "--user=cert --username=m --password=q", "--user=file --username=m --password=q",
		"--client-certificate=cert.pem --client-key=key.pem", "--client-certificate=cert.pem", "--client-key=key.pem", "--client-certificate=none.pem --client-key=key.pem",
		"--user=cert --client-certificate=ca.pem", "--user=cert --client-key=ca.pem", "--user=basic --client-certificate=cert.pem --client-key=key.pem",
		"--as=b", "--as=b --as-group=h --as-group=i,j", "--as-group=h", "--as-uid=7", "--as=b --as-uid=7", "--user=as --as=b", "--user=as --as-group=h", "--user=as --as-uid=7",
		"--request-timeout=0", "--request-timeout=5", "--request-timeout=90s", "--request-timeout=1.5m", "--request-timeout=soon", "--request-timeout=-5", "--request-timeout=-5s", "--request-timeout=",
	} {
		cases = append(cases, kubeconfig{name: "flags: " + flags, files: []string{content}, flags: strings.Fields(flags)})
	}
	for _, flags := range []string{
		"--server=https://alone", "--server=http://alone", "--server=alone", "--server=https://alone --token=t", "--server=http://alone --token=t",
		"--server=https://alone --insecure-skip-tls-verify", "--server=https://alone --certificate-authority=ca.pem", "--token=t", "--cluster=c", "--context=x", "--namespace=ns1", "--user=u",
		"--server=https://alone --context=x", "--server=https://alone --cluster=c", "--server=https://alone --user=u", "--server=https://alone -n ns1", "--server=https://alone --username=n --password=p",
	} {
		cases = append(cases,
			kubeconfig{name: "flags without a file: " + flags, files: []string{missing}, flags: strings.Fields(flags)},
			kubeconfig{name: "flags without a context: " + flags, files: []string{without("current-context: x", one("", "", "", ""))}, flags: strings.Fields(flags)})
	}
	return cases
}
