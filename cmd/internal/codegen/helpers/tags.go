package helpers

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"

	"k8s.io/gengo/v2/codetags"
	"k8s.io/gengo/v2/types"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/universe"
)

// inputTags is what the comments of the input say, as far as it matters before the generators read them.
type inputTags struct {
	// seen are the keys of all tags in the input.
	seen map[string]bool
	// mentions are the packages that the tags of each generator name.
	mentions map[Generator][]universe.Mention
	// packages are tags of packages that upstream does not find by itself, by import path, and types those of types.
	packages map[string][]string
	types    map[types.Name][]string
	// warnings are about tags that have no effect.
	warnings []diag.Problem
}

// readTags reads the comments of the input.
func readTags(inputs []*universe.Package) inputTags {
	t := inputTags{
		seen: map[string]bool{}, mentions: map[Generator][]universe.Mention{},
		packages: map[string][]string{}, types: map[types.Name][]string{},
	}
	for _, p := range inputs {
		declaresScheme := slices.ContainsFunc(p.Files, func(f *universe.File) bool { return !f.Generated && declares(f, "AddToScheme") })
		for _, f := range p.Files {
			for _, group := range f.Syntax.Comments {
				for _, tag := range f.Tags(group) {
					if f.IsTrailing(group) {
						t.warn(tag)
						continue
					}
					t.read(tag)
					if !f.Generated && (tag.Key != "groupName" || !declaresScheme) {
						t.readPackageTag(p, f, group, tag)
					}
				}
			}
		}
		t.readMarkers(p)
	}
	return t
}

// warn warns of a tag behind code. (Upstream takes it for a tag of what stands below.)
func (t *inputTags) warn(tag universe.Tag) {
	if tagKey.MatchString(tag.Key) {
		t.warnings = append(t.warnings, diag.Problem{
			Pos: tag.Pos, Severity: diag.Warning, Code: diag.MisplacedTag,
			Message: "+" + tag.Key + " stands behind code, where it has no effect", Cure: "put it on a line of its own above",
		})
	}
}

var tagKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.:-]*$`)

// read takes down a tag, wherever it stands, and the packages that it names.
func (t *inputTags) read(tag universe.Tag) {
	t.seen[tag.Key] = true
	switch tag.Key {
	case "k8s:deepcopy-gen:interfaces":
		for name := range strings.SplitSeq(tag.Value, ",") {
			if i := strings.LastIndexByte(name, '.'); i > 0 {
				t.mention(Deepcopy, universe.Mention{Pattern: name[:i], Name: name[i+1:], Pos: tag.Pos})
			}
		}
	case "k8s:defaulter-gen-input":
		t.mention(Defaulter, universe.Mention{Pattern: tag.Value, Pos: tag.Pos})
	case "k8s:conversion-gen", "k8s:conversion-gen-external-types":
		if tag.Value != "true" && tag.Value != "false" {
			t.mention(Conversion, universe.Mention{Pattern: tag.Value, Pos: tag.Pos})
		}
	}
}

func (t *inputTags) mention(g Generator, m universe.Mention) {
	if m.Pattern != "" {
		t.mentions[g] = append(t.mentions[g], m)
	}
}

// activation are the tags that switch generators on for a package.
var activation = []string{
	"k8s:deepcopy-gen", "k8s:register-gen", "k8s:defaulter-gen", "k8s:defaulter-gen-input", "k8s:conversion-gen", "k8s:conversion-gen-external-types",
}

// readPackageTag finds tags of packages where upstream does not look for them: above the package clause of any file, and
// +groupName anywhere. It leaves out the group of a package that registers its types by hand, as kubebuilder's do.
func (t *inputTags) readPackageTag(p *universe.Package, f *universe.File, group *ast.CommentGroup, tag universe.Tag) {
	above := group.End() <= f.Syntax.Package
	switch {
	case above && tag.Key == "kubebuilder:object:generate" && tag.Value == "true":
		t.addPackageTag(p, "k8s:deepcopy-gen", "package")
	case f.IsDoc(): // upstream reads it
	case tag.Key == "groupName", above && slices.Contains(activation, tag.Key):
		t.addPackageTag(p, tag.Key, tag.Value)
	}
}

func (t *inputTags) addPackageTag(p *universe.Package, key, value string) {
	t.seen[key] = true
	if line := "+" + key + "=" + value; !slices.Contains(t.packages[p.Path], line) {
		t.packages[p.Path] = append(t.packages[p.Path], line)
	}
}

// packageTag returns the value of a tag of a package: that in doc.go, or one that was found elsewhere.
func (t *inputTags) packageTag(p *universe.Package, key string) (value string, ok bool) {
	for _, f := range p.Files {
		if !f.IsDoc() {
			continue
		}
		for _, group := range f.Syntax.Comments {
			for _, tag := range f.Tags(group) {
				if tag.Key == key {
					return tag.Value, true
				}
			}
		}
	}
	for _, line := range t.packages[p.Path] {
		if value, ok := strings.CutPrefix(line, "+"+key+"="); ok {
			return value, true
		}
	}
	return "", false
}

// apply adds to a universe what upstream did not find by itself.
func (t *inputTags) apply(u types.Universe) {
	for path, lines := range t.packages {
		p := u.Package(path)
		known := codetags.Extract("+", p.Comments)
		for _, line := range lines {
			key, _, _ := strings.Cut(line[1:], "=")
			if known[key] == nil { // doc.go has the first word
				p.Comments = append(p.Comments, line)
			}
		}
	}
	for name, lines := range t.types {
		if declared := u.Package(name.Package).Types[name.Name]; declared != nil {
			declared.CommentLines = append(declared.CommentLines, lines...)
		}
	}
}
