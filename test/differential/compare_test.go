package differential

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// field is a place where two servers' answers to a scenario differ.
type field struct {
	step    int    // from 1
	request string // of the step
	path    string // status, headers.Warning, body.metadata.name, events.0.type, ...
	want    string // what the real server has
	got     string
}

func (f field) String() string {
	return fmt.Sprintf("step %d, %s\n\t%s\n\t\twant %s\n\t\tgot  %s", f.step, f.request, f.path, f.want, f.got)
}

const absent = "(nothing)"

// compare returns the fields in which got is not what want is, by step and path.
func compare(want, got []exchange) []field {
	var fields []field
	for i := range max(len(want), len(got)) {
		var w, g exchange
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		wanted, gotten := flatten(w), flatten(g)
		paths := maps.Clone(wanted)
		maps.Copy(paths, gotten)
		for _, path := range slices.Sorted(maps.Keys(paths)) {
			f := field{step: i + 1, request: w.Request, path: path, want: absent, got: absent}
			if value, ok := wanted[path]; ok {
				f.want = value
			}
			if value, ok := gotten[path]; ok {
				f.got = value
			}
			if f.want != f.got {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// flatten returns the leaves of an exchange by their paths.
func flatten(e exchange) map[string]string {
	leaves := map[string]string{"request": e.Request, "sent": e.Sent, "status": fmt.Sprint(e.Status), "end": e.End}
	for name, value := range e.Headers {
		leaves["headers."+name] = value
	}
	if e.Body != nil {
		flattenInto(leaves, "body", e.Body)
	}
	for i, event := range e.Events {
		flattenInto(leaves, fmt.Sprintf("events.%d", i), event)
	}
	return leaves
}

func flattenInto(leaves map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			leaves[path] = "{}"
		}
		for key, child := range v {
			flattenInto(leaves, path+"."+strings.ReplaceAll(key, ".", `\.`), child)
		}
	case []any:
		if len(v) == 0 {
			leaves[path] = "[]"
		}
		for i, child := range v {
			flattenInto(leaves, fmt.Sprintf("%s.%d", path, i), child)
		}
	default:
		text, err := json.Marshal(value)
		if err != nil {
			text = []byte(err.Error())
		}
		leaves[path] = string(text)
	}
}
