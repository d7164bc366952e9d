package compat

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	theirs "k8s.io/client-go/tools/clientcmd"

	ours "github.com/kubewright/kubewright/pkg/clientcmd"
)

// kubeconfig is a case: files that are merged, the first with precedence, or one explicit file, and flags of kubectl.
type kubeconfig struct {
	name     string
	files    []string
	explicit bool // the one file is named by a flag, and has to be there
	flags    []string
	// names is what our error has to say if there is one, besides the name of the file: the entry or the field.
	names string
}

// outcome is what a client would be made of, or an error. The fields are those of rest.Config, as JSON.
type outcome struct {
	fields map[string]string
	err    error
}

// loadOurs and loadTheirs are the same lines twice: the types of their values differ.
func loadOurs(files []string, c kubeconfig) outcome {
	rules := &ours.ClientConfigLoadingRules{Precedence: files}
	if c.explicit {
		rules = &ours.ClientConfigLoadingRules{ExplicitPath: files[0]}
	}
	overrides := &ours.ConfigOverrides{}
	flags := pflag.NewFlagSet("ours", pflag.ContinueOnError)
	ours.BindOverrideFlags(overrides, flags, ours.RecommendedConfigOverrideFlags(""))
	if err := flags.Parse(c.flags); err != nil {
		return outcome{err: err}
	}
	config := ours.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
	rest, err := config.ClientConfig()
	if err != nil {
		return outcome{err: err}
	}
	namespace, overridden, err := config.Namespace()
	if err != nil {
		return outcome{err: err}
	}
	return outcome{fields: fieldsOf(rest, rest.Proxy, namespace, overridden)}
}

func loadTheirs(files []string, c kubeconfig) outcome {
	rules := &theirs.ClientConfigLoadingRules{Precedence: files}
	if c.explicit {
		rules = &theirs.ClientConfigLoadingRules{ExplicitPath: files[0]}
	}
	overrides := &theirs.ConfigOverrides{}
	flags := pflag.NewFlagSet("theirs", pflag.ContinueOnError)
	theirs.BindOverrideFlags(overrides, flags, theirs.RecommendedConfigOverrideFlags(""))
	if err := flags.Parse(c.flags); err != nil {
		return outcome{err: err}
	}
	config := theirs.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
	rest, err := config.ClientConfig()
	if err != nil {
		return outcome{err: err}
	}
	namespace, overridden, err := config.Namespace()
	if err != nil {
		return outcome{err: err}
	}
	return outcome{fields: fieldsOf(rest, rest.Proxy, namespace, overridden)}
}

// fieldsOf returns the exported fields of a rest.Config by name, those of embedded structs among them. What is zero is left out.
func fieldsOf(config any, proxy func(*http.Request) (*url.URL, error), namespace string, overridden bool) map[string]string {
	fields := map[string]string{"(namespace)": fmt.Sprint(namespace, " ", overridden)}
	if proxy != nil {
		u, err := proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: "h"}})
		fields["(proxy)"] = fmt.Sprint(u, err)
	}
	addFields(fields, "", reflect.ValueOf(config).Elem())
	return fields
}

func addFields(fields map[string]string, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		name, field := prefix+v.Type().Field(i).Name, v.Field(i)
		switch {
		case field.IsZero() || field.Kind() == reflect.Func:
		case field.Kind() == reflect.Struct:
			addFields(fields, name+".", field)
		case field.Kind() == reflect.Pointer && field.Elem().Kind() == reflect.Struct:
			addFields(fields, name+".", field.Elem())
		case field.Kind() == reflect.Slice && field.Len() == 0, field.Kind() == reflect.Map && field.Len() == 0:
		case field.Type().String() == "rest.AuthProviderConfigPersister": // an interface to private types
		default:
			text, err := json.Marshal(field.Interface())
			if err != nil {
				text = []byte(err.Error())
			}
			fields[name] = string(text)
		}
	}
}

// run writes the files of a case and loads them with both.
func (c kubeconfig) run(t *testing.T) (our, their outcome, files []string) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "") // no fallback to a cluster around the tests
	dir := t.TempDir()
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem", "token"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("content of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "token-line"), []byte("content\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, content := range c.files {
		path := filepath.Join(dir, fmt.Sprintf("config%d", i))
		if content != missing {
			if err := os.WriteFile(path, []byte(strings.ReplaceAll(content, "$DIR", dir)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		files = append(files, path)
	}
	t.Chdir(dir)
	return loadOurs(files, c), loadTheirs(files, c), files
}

// missing stands for a file that is not there.
const missing = "(missing)"

func TestKubeconfigsLeadToTheSame(t *testing.T) {
	cases := kubeconfigs(t)
	if len(cases) < 200 {
		t.Errorf("%d cases, want 200 at least", len(cases))
	}
	known := maps.Clone(differences)
	seen := map[string]bool{}
	equal, refused := 0, 0
	for _, c := range cases {
		if seen[c.name] {
			t.Errorf("there are two cases of name %q", c.name)
		}
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			our, their, files := c.run(t)
			difference := compare(our, their)
			reason, differs := known[c.name]
			delete(known, c.name)
			switch {
			case difference == "" && differs:
				t.Errorf("is the same now; the table of differences says: %s", reason)
			case difference != "" && !differs:
				t.Error(difference)
			case difference == "" && our.err != nil:
				refused++
			case difference == "":
				equal++
			}
			if our.err != nil {
				namesThePlace(t, our.err, c, files)
			}
		})
	}
	for name, reason := range known {
		t.Errorf("the table of differences has %q, which is no case: %s", name, reason)
	}
	t.Logf("%d kubeconfigs: %d lead to the same, %d are refused by both, %d differ on purpose", len(cases), equal, refused, len(differences))
}

// compare returns how the outcomes differ, or "".
func compare(our, their outcome) string {
	switch {
	case our.err != nil && their.err != nil:
		return ""
	case our.err != nil:
		return fmt.Sprintf("only ours is an error: %v", our.err)
	case their.err != nil:
		return fmt.Sprintf("only client-go's is an error: %v", their.err)
	}
	if d := cmp.Diff(their.fields, our.fields); d != "" {
		return "(-client-go +ours):\n" + d
	}
	return ""
}

// namesThePlace checks that our error names a file and, if it is known what is wrong, the field or entry.
func namesThePlace(t *testing.T, err error, c kubeconfig, files []string) {
	if c.names == "" {
		return
	}
	namesFile := false
	for _, file := range files {
		namesFile = namesFile || strings.Contains(err.Error(), file)
	}
	if !namesFile {
		t.Errorf("error %q names no file", err)
	}
	if !strings.Contains(err.Error(), c.names) {
		t.Errorf("error %q does not name %q", err, c.names)
	}
}
