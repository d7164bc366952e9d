package tags

import (
	"go/token"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// Kubebuilder is what the markers of kubebuilder say about a type. Only what clients depend on is read, and nothing is
// checked: that is controller-gen's work.
type Kubebuilder struct {
	// Root says that the type is an object of the API or a list: +kubebuilder:object:root=true, at Pos.
	Root bool
	Pos  token.Position
	// Cluster says that the resource is cluster scoped: +kubebuilder:resource:scope=Cluster, at ClusterPos.
	Cluster    bool
	ClusterPos token.Position
	// Path is the resource: +kubebuilder:resource:path=crontabs. It is "" if the markers leave it open.
	Path string
	// Status and Scale say which subresources there are.
	Status, Scale bool
}

// The markers that are read.
const (
	rootMarker        = "kubebuilder:object:root"
	resourceMarker    = "kubebuilder:resource"
	subresourceMarker = "kubebuilder:subresource"
)

// kubebuilder reads the markers among the comment lines of a type.
func kubebuilder(lines []load.Line) Kubebuilder {
	var k Kubebuilder
	for _, line := range lines {
		marker, ok := strings.CutPrefix(line.Text, "+")
		if !ok {
			continue
		}
		switch {
		case marker == rootMarker+"=true" || marker == rootMarker+":=true":
			k.Root, k.Pos = true, line.Pos
		case marker == subresourceMarker+":status" || strings.HasPrefix(marker, subresourceMarker+":status:"):
			k.Status = true
		case strings.HasPrefix(marker, subresourceMarker+":scale"):
			k.Scale = true
		case strings.HasPrefix(marker, resourceMarker+":"):
			arguments := arguments(strings.TrimPrefix(marker, resourceMarker+":"))
			if arguments["scope"] == "Cluster" {
				k.Cluster, k.ClusterPos = true, line.Pos
			}
			if path := arguments["path"]; path != "" {
				k.Path = path
			}
		}
	}
	return k
}

// arguments splits path=foos,shortName={f,fo},singular="foo" at the commas outside of braces and quotes.
func arguments(text string) map[string]string {
	found := map[string]string{}
	add := func(argument string) {
		key, value, _ := strings.Cut(argument, "=")
		found[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), "\"`")
	}
	start, depth, quote := 0, 0, rune(0)
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '`':
			quote = r
		case r == '{':
			depth++
		case r == '}':
			depth--
		case r == ',' && depth == 0:
			add(text[start:i])
			start = i + 1
		}
	}
	add(text[start:])
	return found
}
