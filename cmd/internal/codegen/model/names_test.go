package model

import "testing"

func TestNamesOfGroupsAndVersions(t *testing.T) {
	for _, test := range []struct {
		dir, group, goName, path                       string
		wantGo, wantGroupVersion, wantField, wantAlias string
		wantPackage, wantFile                          string
	}{
		{"stable", "stable.example.com", "", "example.com/apis/stable/v1", "Stable", "StableV1", "stableV1", "stablev1", "stable", "stable_client.go"},
		{"core", "", "", "k8s.io/api/core/v1", "Core", "CoreV1", "coreV1", "corev1", "core", "core_client.go"},
		{"rbac", "rbac.authorization.k8s.io", "", "k8s.io/api/rbac/v1beta1", "Rbac", "RbacV1beta1", "rbacV1beta1", "rbacv1beta1", "rbac", "rbac_client.go"},
		{"example2", "example.test.io", "secondExample", "x/example2/v1", "SecondExample", "SecondExampleV1", "secondExampleV1", "secondexamplev1", "example2", "example2_client.go"},
		{"example3.io", "example3.io", "", "x/example3.io/v1", "Example3", "Example3V1", "example3V1", "example3v1", "example3", "example3.io_client.go"},
		{"hyphen-group", "hyphen-group.io", "HyphenGroup", "x/hyphen-group/v1alpha1", "HyphenGroup", "HyphenGroupV1alpha1", "hyphenGroupV1alpha1", "hyphengroupv1alpha1", "hyphengroup", "hyphen-group_client.go"},
	} {
		group := newGroup(test.dir, test.group, test.goName)
		version := newVersion(group, test.path)
		for what, pair := range map[string][2]string{
			"group": {group.GoName, test.wantGo}, "group version": {version.GroupVersion, test.wantGroupVersion},
			"field": {version.Field, test.wantField}, "alias": {version.Alias, test.wantAlias},
			"package": {group.Package, test.wantPackage}, "file": {version.ClientFile, test.wantFile},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s is %q, want %q", test.group, what, pair[0], pair[1])
			}
		}
	}
}

func TestNamesOfTypes(t *testing.T) {
	version := newVersion(newGroup("stable", "stable.example.com", ""), "example.com/apis/stable/v1")
	exceptions := map[string]string{"Endpoints": "Endpoints", "Sheep": "sheep"}
	for kind, want := range map[string]Type{
		"CronTab":       {Var: "cronTab", Plural: "CronTabs", PluralVar: "cronTabs", Singular: "crontab", Resource: "crontabs", File: "crontab"},
		"NetworkPolicy": {Var: "networkPolicy", Plural: "NetworkPolicies", PluralVar: "networkPolicies", Singular: "networkpolicy", Resource: "networkpolicies", File: "networkpolicy"},
		"Gateway":       {Var: "gateway", Plural: "Gateways", PluralVar: "gateways", Singular: "gateway", Resource: "gateways", File: "gateway"},
		"Ingress":       {Var: "ingress", Plural: "Ingresses", PluralVar: "ingresses", Singular: "ingress", Resource: "ingresses", File: "ingress"},
		"Endpoints":     {Var: "endpoints", Plural: "Endpoints", PluralVar: "endpoints", Singular: "endpoints", Resource: "endpoints", File: "endpoints"},
		"Sheep":         {Var: "sheep", Plural: "Sheep", PluralVar: "sheep", Singular: "sheep", Resource: "sheep", File: "sheep"},
		"Leaf":          {Var: "leaf", Plural: "Leaves", PluralVar: "leaves", Singular: "leaf", Resource: "leaves", File: "leaf"},
		"Doc":           {Var: "doc", Plural: "Docs", PluralVar: "docs", Singular: "doc", Resource: "docs", File: "doc_type"},
		"Interface":     {Var: "interface_", Plural: "Interfaces", PluralVar: "interfaces", Singular: "interface", Resource: "interfaces", File: "interface_type"},
		"Opts":          {Var: "opts_", Plural: "Optses", PluralVar: "optses", Singular: "opts", Resource: "optses", File: "opts"},
		"String":        {Var: "string_", Plural: "Strings", PluralVar: "strings", Singular: "string", Resource: "strings", File: "string"},
		"Node_test":     {Var: "node_test", Plural: "Node_tests", PluralVar: "node_tests", Singular: "node_test", Resource: "node_tests", File: "node_test_type"},
		"MixedCASE":     {Var: "mixedCASE", Plural: "MixedCASEs", PluralVar: "mixedCASEs", Singular: "mixedcase", Resource: "mixedcases", File: "mixedcase"},
	} {
		got := newType(version, kind, "", exceptions)
		for what, pair := range map[string][2]string{
			"Var": {got.Var, want.Var}, "Plural": {got.Plural, want.Plural}, "PluralVar": {got.PluralVar, want.PluralVar},
			"Singular": {got.Singular, want.Singular}, "Resource": {got.Resource, want.Resource}, "File": {got.File, want.File},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s of %s is %q, want %q", what, kind, pair[0], pair[1])
			}
		}
	}
	if got := newType(version, "CronTab", "jobs", nil).Resource; got != "jobs" {
		t.Errorf("resource is %q in spite of +resourceName=jobs", got)
	}
}

func TestExportedName(t *testing.T) {
	for name, want := range map[string]string{"my-group": "MyGroup", "3d-print": "DPrint", "---": "Group", "Already": "Already", "a_b.c": "ABC"} {
		if got := ExportedName(name); got != want {
			t.Errorf("ExportedName(%q) = %q, want %q", name, got, want)
		}
	}
}
