package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImportsAreSortedInTwoGroups(t *testing.T) {
	i := newImports()
	for _, use := range [][2]string{
		{"k8s.io/api/core/v1", "corev1"}, {"time", "time"}, {"example.com/b/time", "time"}, {"context", "context"},
		{"example.com/a/rest", "rest"}, {"k8s.io/api/core/v1", "ignored"}, {"example.com/stable/v1", "v1"},
	} {
		i.use(use[0], use[1])
	}
	want := `import (
	"context"
	"time"

	rest2 "example.com/a/rest"
	time2 "example.com/b/time"
	"example.com/stable/v1"
	corev1 "k8s.io/api/core/v1"
)
`
	if diff := cmp.Diff(want, i.block()); diff != "" {
		t.Errorf("imports (-want +got):\n%s", diff)
	}
}

func TestImportsOfOneGroupHaveNoBlankLine(t *testing.T) {
	i := newImports()
	if got := i.block(); got != "" {
		t.Errorf("nothing is imported with %q", got)
	}
	i.use("time", "time")
	if got, want := i.block(), "import (\n\t\"time\"\n)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestImportNamesAreFree(t *testing.T) {
	i := newImports("cronTabs")
	for _, test := range []struct{ importPath, wanted, want string }{
		{"example.com/a", "free", "free"},
		{"example.com/b", "free", "free2"},
		{"example.com/c", "free", "free3"},
		{"example.com/b", "other", "free2"},
		{"example.com/d", "cronTabs", "cronTabs2"},
		{"example.com/e", "func", "func2"},
		{"example.com/f", "string", "string2"},
		{"example.com/g", "err", "err2"},
		{"example.com/h", "cache", "cache2"},
		{libraries["cache"], "cache", "cache"},
		{"example.com/i", "metav1", "metav12"},
	} {
		if got := i.use(test.importPath, test.wanted); got != test.want {
			t.Errorf("%s as %s is named %s, want %s", test.importPath, test.wanted, got, test.want)
		}
	}
}
