package differential

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// scenario is a list of requests in a namespace of its own.
type scenario struct {
	area string // the file that it is in, without its extension
	name string
	// namespace has the same name on every server, so that texts that contain it are the same.
	namespace string
	steps     []step
}

// step is one request, or one of the words about watches (see the package comment).
type step struct {
	line   string // as written, for the golden file
	method string
	path   string
	header [][2]string
	body   string

	id      string   // @id: the name by which later steps refer to the answer
	user    string   // @as: who asks; empty for the administrator
	raw     bool     // @raw: the body is sent as it is written
	brief   bool     // @brief: of the answer only the status is recorded
	without string   // @without list.path=value: the items of a list that have the value at the path are left out
	only    []string // @only: the paths in the body that are recorded
	text    bool     // @text: the body is recorded as text, white space and all
	until   string   // @until: repeat until the status, or path=value, is this
	repeat  int      // @repeat: do it so many times, ${i} is 1, 2, ...
}

func (s scenario) golden() string {
	return filepath.Join("testdata", s.area, slug(s.name)+".golden")
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(name string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// patchTypes are the methods that stand for PATCH with a content type.
var patchTypes = map[string]string{
	"JSONPATCH": "application/json-patch+json",
	"MERGE":     "application/merge-patch+json",
	"STRATEGIC": "application/strategic-merge-patch+json",
	"APPLY":     "application/apply-patch+yaml",
}

var (
	stepLine   = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|JSONPATCH|MERGE|STRATEGIC|APPLY|WATCH|EVENTS|END) (\S.*)$`)
	headerLine = regexp.MustCompile(`^([A-Z][A-Za-z0-9-]*): (.*)$`)
)

// loadScenarios reads all scenarios: the table of the test.
func loadScenarios(t *testing.T) []scenario {
	t.Helper()
	files, err := filepath.Glob("testdata/*.http")
	if err != nil {
		t.Fatal(err)
	}
	var all []scenario
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		area := strings.TrimSuffix(filepath.Base(file), ".http")
		scenarios, err := parseScenarios(area, string(text))
		if err != nil {
			t.Fatalf("%s:%v", file, err)
		}
		all = append(all, scenarios...)
	}
	return all
}

// parseScenarios reads a file of scenarios. Errors begin with the number of the line.
func parseScenarios(area, text string) ([]scenario, error) {
	var (
		scenarios []scenario
		inBody    bool
		names     []string
	)
	for i, line := range strings.Split(text, "\n") {
		fail := func(format string, args ...any) ([]scenario, error) {
			return nil, fmt.Errorf("%d: %s", i+1, fmt.Sprintf(format, args...))
		}
		if name, ok := strings.CutPrefix(line, "=== "); ok {
			if slices.Contains(names, slug(name)) {
				return fail("the scenario %q is here twice: give it another name", name)
			}
			names = append(names, slug(name))
			namespace := area + "-" + slug(name)
			if len(namespace) > 50 {
				namespace = strings.Trim(namespace[:50], "-")
			}
			scenarios = append(scenarios, scenario{area: area, name: name, namespace: namespace})
			inBody = false
			continue
		}
		if match := stepLine.FindStringSubmatch(line); match != nil {
			if len(scenarios) == 0 {
				return fail("a request before the first scenario: write \"=== name\" above it")
			}
			s := &scenarios[len(scenarios)-1]
			next := step{line: line, method: match[1], path: match[2]}
			if patchType, ok := patchTypes[next.method]; ok {
				next.method = "PATCH"
				next.header = append(next.header, [2]string{"Content-Type", patchType})
			}
			s.steps = append(s.steps, next)
			inBody = false
			continue
		}
		if len(scenarios) == 0 || len(scenarios[len(scenarios)-1].steps) == 0 {
			if line != "" && !strings.HasPrefix(line, "#") {
				return fail("%q is not part of a request", line)
			}
			continue
		}
		steps := scenarios[len(scenarios)-1].steps
		last := &steps[len(steps)-1]
		header := headerLine.FindStringSubmatch(line)
		switch {
		case inBody:
			last.body += line + "\n"
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "@"):
			if err := last.direct(line); err != nil {
				return fail("%v", err)
			}
		case header != nil:
			last.header = append(last.header, [2]string{header[1], header[2]})
		default:
			inBody = true
			last.body = line + "\n"
		}
	}
	for i := range scenarios {
		for j := range scenarios[i].steps {
			s := &scenarios[i].steps[j]
			s.body = strings.TrimRight(s.body, "\n")
		}
	}
	return scenarios, nil
}

// direct follows a line that begins with "@".
func (s *step) direct(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "@id":
		s.id = rest
	case "@as":
		s.user = rest
	case "@raw":
		s.raw = true
	case "@brief":
		s.brief = true
	case "@text":
		s.text = true
	case "@without":
		s.without = rest
	case "@only":
		s.only = strings.Fields(rest)
	case "@until":
		s.until = rest
	case "@repeat":
		n, err := strconv.Atoi(rest)
		if err != nil {
			return err
		}
		s.repeat = n
	default:
		return fmt.Errorf("%q is not known", word)
	}
	return nil
}
