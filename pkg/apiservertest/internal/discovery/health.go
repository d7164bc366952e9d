package discovery

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// checksOf returns the names of the checks of a health endpoint, in order; nil if it is none.
func checksOf(root string) []string {
	switch root {
	case "healthz", "livez":
		return []string{"ping", "log", "loopback-serving-certificate", "etcd", "autoregister-completion"}
	case "readyz":
		return []string{"ping", "log", "etcd", "etcd-readiness", "informer-sync", "autoregister-completion", "shutdown"}
	}
	return nil
}

func isHealth(root string) bool { return checksOf(root) != nil }

func (h *handler) check(name string) error {
	if h.Health == nil {
		return nil
	}
	return h.Health(name)
}

// health answers /healthz, /livez and /readyz, and with a name behind, one of their checks.
// Any method will do.
func (h *handler) health(w http.ResponseWriter, r *http.Request, root, name string) {
	checks := checksOf(root)
	switch {
	case r.URL.Path == "/"+root:
		h.allChecks(w, r, root, checks)
	case slices.Contains(checks, name):
		if err := h.check(name); err != nil {
			http.Error(w, fmt.Sprintf("internal server error: %v", err), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, "ok")
	default:
		http.NotFound(w, r)
	}
}

// allChecks runs all checks but those that the query excludes. The reasons of failures are
// not told, as strangers may ask.
func (h *handler) allChecks(w http.ResponseWriter, r *http.Request, root string, checks []string) {
	query := r.URL.Query()
	var report strings.Builder
	failed := false
	for _, name := range checks {
		switch {
		case slices.Contains(query["exclude"], name):
			fmt.Fprintf(&report, "[+]%s excluded: ok\n", name)
		case h.check(name) != nil:
			failed = true
			fmt.Fprintf(&report, "[-]%s failed: reason withheld\n", name)
		default:
			fmt.Fprintf(&report, "[+]%s ok\n", name)
		}
	}
	if unknown := unknownOf(query["exclude"], checks); len(unknown) > 0 {
		fmt.Fprintf(&report, "warn: some health checks cannot be excluded: no matches for %s\n", strings.Join(unknown, ","))
	}
	if failed {
		http.Error(w, fmt.Sprintf("%s%s check failed", &report, root), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if _, verbose := query["verbose"]; verbose {
		fmt.Fprintf(w, "%s%s check passed\n", &report, root) //nolint:gosec // it is plain text, and no browser may think otherwise
		return
	}
	fmt.Fprint(w, "ok")
}

// unknownOf returns the names that are no checks: each once, sorted, in quotes.
func unknownOf(names, checks []string) []string {
	var unknown []string
	for _, name := range names {
		if !slices.Contains(checks, name) {
			unknown = append(unknown, fmt.Sprintf("%q", name))
		}
	}
	slices.Sort(unknown)
	return slices.Compact(unknown)
}
