package differential

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// normalise replaces what differs between two runs of a scenario by what must be the same:
//
//   - resource versions of objects by their order: rv1, rv2, ...; those of lists and bookmarks by the newest of these that
//     they include, as in "rv2+", since others write, too
//   - UIDs by the order in which they appear: uid1, uid2, ...
//   - times by <time>, except those before 2020, which are a scenario's own
//   - generated names by their prefix; ages, continue tokens, JWTs, digests of certificates, allocated IPs and ports by what they are
//   - the causes of an invalid object, and of conflicts, by their order, which is not always the same
//   - the order of managedFields, which depends on the second in which each was written, see [inOrderOfWriter]
//
// An entry of managedFields becomes a line of text.
func normalise(exchanges []exchange) []exchange {
	n := &normaliser{uids: map[string]string{}}
	for _, e := range exchanges {
		n.collect(e.Body)
		n.collect(e.whole)
		for _, event := range e.Events {
			n.collect(event)
		}
	}
	slices.Sort(n.versions)
	n.versions = slices.Compact(n.versions)
	for i := range exchanges {
		e := &exchanges[i]
		for name, value := range e.Headers {
			e.Headers[name] = n.text(value)
		}
		if e.Body != nil {
			e.Body = n.value(e.Body, false)
		}
		for j := range e.Events {
			e.Events[j] = n.value(e.Events[j], false)
		}
	}
	return exchanges
}

type normaliser struct {
	versions  []int64 // of objects, sorted
	uids      map[string]string
	generated [][2]string // name, its replacement
}

// collect finds the resource versions of objects and generated names.
func (n *normaliser) collect(value any) {
	switch v := value.(type) {
	case map[string]any:
		if meta, ok := v["metadata"].(map[string]any); ok {
			if version, ok := number(meta["resourceVersion"]); ok && !isCollection(v) {
				n.versions = append(n.versions, version)
			}
			name, _ := meta["name"].(string)
			prefix, _ := meta["generateName"].(string)
			if random, ok := strings.CutPrefix(name, prefix); ok && prefix != "" && len(random) == 5 {
				n.generated = append(n.generated, [2]string{name, prefix + "<5>"})
			}
		}
		n.collectRefused(v)
		for key, child := range v {
			if key != "object" || v["type"] != "BOOKMARK" {
				n.collect(child)
			}
		}
	case []any:
		for _, child := range v {
			n.collect(child)
		}
	}
}

var refusedPrefix = regexp.MustCompile(`metadata\.generateName: Invalid value: "([^"]*)"`)

// collectRefused finds the name that was generated for an object whose generateName is refused.
func (n *normaliser) collectRefused(status map[string]any) {
	message, _ := status["message"].(string)
	details, _ := status["details"].(map[string]any)
	name, _ := details["name"].(string)
	if match := refusedPrefix.FindStringSubmatch(message); match != nil && name != match[1] && strings.HasPrefix(name, match[1]) {
		n.generated = append(n.generated, [2]string{name, match[1] + "<5>"})
	}
}

// isCollection says whether the metadata of the object is that of a list.
func isCollection(object map[string]any) bool {
	_, hasItems := object["items"]
	_, hasRows := object["rows"]
	_, hasColumns := object["columnDefinitions"]
	kind, _ := object["kind"].(string)
	return hasItems || hasRows || hasColumns || strings.HasSuffix(kind, "List")
}

func number(value any) (int64, bool) {
	s, ok := value.(string)
	if !ok {
		return 0, false
	}
	version, err := strconv.ParseInt(s, 10, 64)
	return version, err == nil && version > 0
}

// exact is the place of an object's resource version among those of the scenario.
func (n *normaliser) exact(version int64) string {
	if i, ok := slices.BinarySearch(n.versions, version); ok {
		return fmt.Sprintf("rv%d", i+1)
	}
	return "rv?"
}

// atLeast is the newest resource version of an object that a list at version includes.
func (n *normaliser) atLeast(version int64) string {
	i, ok := slices.BinarySearch(n.versions, version)
	if ok {
		i++
	}
	return fmt.Sprintf("rv%d+", i)
}

// value returns the normalised value.
func (n *normaliser) value(value any, bookmark bool) any {
	switch v := value.(type) {
	case map[string]any:
		if v["reason"] == "Invalid" || v["reason"] == "Conflict" {
			sortCauses(v)
		}
		out := make(map[string]any, len(v))
		collection := isCollection(v) || bookmark
		for _, key := range slices.Sorted(maps.Keys(v)) { // in order, for the numbers of UIDs
			child := v[key]
			switch key {
			case "metadata":
				meta, ok := child.(map[string]any)
				if !ok {
					out[key] = n.value(child, false)
					continue
				}
				out[key] = n.metadata(meta, collection)
			case "object":
				out[key] = n.value(child, v["type"] == "BOOKMARK")
			case "clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort":
				out[key] = allocated(key, child)
			default:
				out[key] = n.value(child, false)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			out[i] = n.value(child, false)
		}
		return out
	case string:
		return n.text(v)
	}
	return value
}

// sortCauses puts the causes of a status in order, in its message, too.
func sortCauses(status map[string]any) {
	details, _ := status["details"].(map[string]any)
	causes, _ := details["causes"].([]any)
	text := func(cause any) string {
		c, _ := cause.(map[string]any)
		return fmt.Sprintf("%v: %v", c["field"], c["message"])
	}
	inOrder := func(a, b any) int { return strings.Compare(text(a), text(b)) }
	if status["reason"] == "Conflict" {
		slices.SortFunc(causes, inOrder) // the message is in order
		return
	}
	message, _ := status["message"].(string)
	start := strings.Index(message, ": [")
	if start < 0 || len(causes) < 2 {
		return
	}
	whole := func() string {
		texts := make([]string, len(causes))
		for i, cause := range causes {
			texts[i] = text(cause)
		}
		return message[:start] + ": [" + strings.Join(texts, ", ") + "]"
	}
	if whole() != message {
		return // it says something else; better seen as it is
	}
	slices.SortFunc(causes, inOrder)
	status["message"] = whole()
}

func (n *normaliser) metadata(meta map[string]any, collection bool) any {
	out := make(map[string]any, len(meta))
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		child := meta[key]
		switch key {
		case "resourceVersion":
			version, ok := number(child)
			switch {
			case !ok:
				out[key] = child
			case collection:
				out[key] = n.atLeast(version)
			default:
				out[key] = n.exact(version)
			}
		case "continue":
			out[key] = child
			if child != "" {
				out[key] = "<continue>"
			}
		case "managedFields":
			entries, ok := child.([]any)
			if !ok {
				out[key] = child
				continue
			}
			lines := make([]any, len(entries))
			for i, entry := range inOrderOfWriter(entries) {
				lines[i] = n.managedFields(entry)
			}
			out[key] = lines
		default:
			out[key] = n.value(child, false)
		}
	}
	return out
}

// inOrderOfWriter puts entries of managedFields, which a server sorts by operation, time (in seconds) and only then by who
// wrote, in an order that does not depend on whether a second began between two writes. Entries that are not sorted as a
// server must sort them stay as they are, so that the comparison shows it.
func inOrderOfWriter(entries []any) []any {
	text := func(entry any, keys ...string) string {
		fields, _ := entry.(map[string]any)
		var b strings.Builder
		for _, key := range keys {
			value, _ := fields[key].(string)
			b.WriteString(value + "\x00")
		}
		return b.String()
	}
	by := func(keys ...string) func(a, b any) int {
		return func(a, b any) int { return strings.Compare(text(a, keys...), text(b, keys...)) }
	}
	writer := []string{"manager", "apiVersion", "subresource"}
	if !slices.IsSortedFunc(entries, by(append([]string{"operation", "time"}, writer...)...)) {
		return entries
	}
	return slices.SortedStableFunc(slices.Values(entries), by(append([]string{"operation"}, writer...)...))
}

// managedFields is an entry of managedFields on one line.
func (n *normaliser) managedFields(entry any) any {
	fields, ok := entry.(map[string]any)
	if !ok {
		return entry
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v %v", fields["manager"], fields["operation"], fields["apiVersion"])
	if sub, ok := fields["subresource"]; ok {
		fmt.Fprintf(&b, " /%v", sub)
	}
	if at, ok := fields["time"]; ok {
		fmt.Fprintf(&b, " %v", at)
	}
	set, err := json.Marshal(fields["fieldsV1"])
	if err != nil {
		return err.Error()
	}
	fmt.Fprintf(&b, " %v %s", fields["fieldsType"], set)
	return n.text(b.String())
}

func allocated(key string, value any) any {
	switch v := value.(type) {
	case string:
		if v != "" && v != "None" {
			return "<ip>"
		}
	case json.Number:
		if v != "0" {
			return "<port>"
		}
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			out[i] = allocated(key, child)
		}
		return out
	}
	return value
}

var (
	uidText     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	timeText    = regexp.MustCompile(`20[2-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]+)?(Z|[+-][0-9:]+)`)
	jwtText     = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`)
	versionText = regexp.MustCompile(`((?i:resource ?version)[^0-9\n]{1,40})([0-9]+)`)
	currentText = regexp.MustCompile(`(version: [0-9a-z<>?+]+(?:, current: | \())([0-9]+)`)
	ageText     = regexp.MustCompile(`^[0-9]{1,2}s$`)
	digestText  = regexp.MustCompile(`\b(X509SHA256=)[0-9a-f]{64}`)
	hostText    = regexp.MustCompile(`\b127\.0\.0\.1:[0-9]+`)
)

// text normalises what a text mentions.
func (n *normaliser) text(s string) string {
	s = uidText.ReplaceAllStringFunc(s, func(uid string) string {
		if _, ok := n.uids[uid]; !ok {
			n.uids[uid] = fmt.Sprintf("uid%d", len(n.uids)+1)
		}
		return n.uids[uid]
	})
	s = timeText.ReplaceAllStringFunc(s, func(at string) string {
		if strings.Contains(at, ".") {
			return "<microtime>"
		}
		return "<time>"
	})
	s = jwtText.ReplaceAllString(s, "<jwt>")
	s = ageText.ReplaceAllString(s, "<age>")
	s = digestText.ReplaceAllString(s, "$1<digest>")
	s = hostText.ReplaceAllString(s, "<host>")
	s = versionText.ReplaceAllStringFunc(s, func(match string) string {
		parts := versionText.FindStringSubmatch(match)
		version, err := strconv.ParseInt(parts[2], 10, 64)
		if _, known := slices.BinarySearch(n.versions, version); err != nil || !known {
			return match // the scenario's own
		}
		return parts[1] + n.exact(version)
	})
	s = currentText.ReplaceAllString(s, "${1}<rv>")
	for _, name := range n.generated {
		s = strings.ReplaceAll(s, name[0], name[1])
	}
	return s
}
