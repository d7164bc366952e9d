package tags

import (
	"go/token"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// Package is what the tags of a package say. They may stand in any hand-written file of the package.
type Package struct {
	// HasGroupName says that there is a +groupName; an empty one names the legacy core group.
	HasGroupName bool
	GroupName    string
	// GroupGoName is the value of +groupGoName, or "".
	GroupGoName string
	// GroupNamePos and GroupGoNamePos are the places of the two tags.
	GroupNamePos, GroupGoNamePos token.Position
	// Off are the generators that the package opts out of, such as "client-gen".
	Off map[string]bool
}

// ForPackage reads the package tags in all comments of a package.
func ForPackage(files []*load.File, problems *diag.Problems) Package {
	activation := activation{problems: problems, first: map[string]load.Line{}, off: map[string]bool{}}
	p := Package{Off: activation.off}
	var groupName, groupGoName *tag
	var unreported diag.Problems // misspellings are reported where the same lines are read for type tags
	read := func(lines []load.Line) {
		for _, line := range lines {
			if line.Trailing {
				continue
			}
			activation.read(line)
			t, ok := parse(line, &unreported)
			if !ok || t.behind != "" {
				continue
			}
			switch t.key {
			case "groupName":
				groupName = agree(groupName, t, problems)
			case "groupGoName":
				groupGoName = agree(groupGoName, t, problems)
			}
		}
	}
	for _, file := range files {
		read(file.Stray)
		for _, decl := range file.Types {
			read(decl.Comments)
		}
	}
	if groupName != nil {
		p.HasGroupName, p.GroupName, p.GroupNamePos = true, groupName.value, groupName.line.Pos
		if !groupName.hasValue {
			problems.Errorf(p.GroupNamePos, diag.TagValue, "+groupName has no value").Fix("write +groupName=stable.example.com; +groupName= is the legacy core group")
		} else if p.GroupName != "" && len(validation.IsDNS1123Subdomain(p.GroupName)) > 0 {
			problems.Errorf(p.GroupNamePos, diag.GroupName, "group name %s is not a lower-case DNS name", p.GroupName).Fix("write it without quotes, such as +groupName=stable.example.com")
		}
	}
	if groupGoName != nil {
		p.GroupGoName, p.GroupGoNamePos = groupGoName.value, groupGoName.line.Pos
		if p.GroupGoName == "" {
			problems.Errorf(p.GroupGoNamePos, diag.TagValue, "+groupGoName has no value").Fix("write a Go name, such as +groupGoName=Stable")
		}
	}
	return p
}

// agree returns the first of the tags and reports a later one that says something else.
func agree(earlier *tag, t tag, problems *diag.Problems) *tag {
	if earlier == nil {
		return &t
	}
	if earlier.value != t.value {
		problems.Errorf(t.line.Pos, diag.ContradictingTag, "+%s=%s contradicts +%s=%s at %s", t.key, t.value, earlier.key, earlier.value, earlier.line.Pos).Fix("keep one of them")
	}
	return earlier
}
