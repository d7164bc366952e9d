package helpers

import (
	"go/token"
	gotypes "go/types"
	"slices"
	"strings"

	"k8s.io/gengo/v2/types"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// copyCheck finds types that deepcopy-gen makes wrong code for, or nothing but an error without a place.
type copyCheck struct {
	fset     *token.FileSet
	problems *diag.Problems
	warnings *[]diag.Problem
	// told says that mistakes have been reported that leave types unknown.
	told bool
}

// checkDeepcopy checks the types that deepcopy-gen is asked for.
func (r *run) checkDeepcopy(problems *diag.Problems) {
	c := copyCheck{fset: r.world.Fset, problems: problems, warnings: &r.tags.warnings, told: leavesUnknown(problems)}
	for _, p := range r.world.Inputs {
		value, _ := r.tags.packageTag(p, "k8s:deepcopy-gen")
		all := strings.HasPrefix(value, "package")
		for _, decl := range typeDecls(p) {
			tag, tagged := decl.tag("k8s:deepcopy-gen")
			if tagged && tag.Value != "true" && tag.Value != "false" {
				problems.Errorf(tag.Pos, diag.TagValue, "+k8s:deepcopy-gen=%s above a type is neither true nor false", tag.Value).Fix("write one of them")
			}
			if tagged && tag.Value == "true" && !all && (!decl.spec.Name.IsExported() || gotypes.IsInterface(decl.named)) {
				problems.Errorf(tag.Pos, diag.TagValue, "+k8s:deepcopy-gen=true is for exported types that are no interfaces, which %s is not", decl.spec.Name.Name).Fix("remove it, or export the type")
			}
			if tag, ok := decl.tag("k8s:deepcopy-gen:interfaces"); ok && !strings.Contains(tag.Value, ".") {
				problems.Errorf(tag.Pos, diag.TagValue, "+k8s:deepcopy-gen:interfaces=%s does not name a package", tag.Value).Fix("write it out, as in k8s.io/apimachinery/pkg/runtime.Object")
			}
			for _, line := range r.tags.types[types.Name{Package: p.Path, Name: decl.spec.Name.Name}] {
				tagged = tagged || strings.HasPrefix(line, "+k8s:deepcopy-gen=")
				tag.Value = strings.TrimPrefix(line, "+k8s:deepcopy-gen=")
			}
			if tagged && tag.Value == "false" || !tagged && !all || !decl.spec.Name.IsExported() ||
				decl.named == nil || hasMethod(decl.named, "DeepCopy", "DeepCopyInto") {
				continue
			}
			if s, ok := decl.named.Underlying().(*gotypes.Struct); ok {
				for field := range s.Fields() {
					c.check(field.Pos(), field.Type(), true)
				}
				continue
			}
			switch decl.named.Underlying().(type) {
			case *gotypes.Map, *gotypes.Slice: // nothing is made for types of other kinds
				c.check(decl.spec.Type.Pos(), decl.named.Underlying(), false)
			}
		}
	}
}

// leavesUnknown reports whether something is wrong with declarations, so that types made of them are not known.
func leavesUnknown(problems *diag.Problems) bool {
	return slices.ContainsFunc(problems.All(), func(problem diag.Problem) bool {
		return slices.Contains([]diag.Code{diag.TypeError, diag.CannotLoad, diag.SyntaxError}, problem.Code)
	})
}

// check checks a type that a field, or what is declared at pos, is made of. It is direct if it is all of the field.
func (c *copyCheck) check(pos token.Pos, t gotypes.Type, direct bool) {
	switch t := gotypes.Unalias(t).(type) {
	case *gotypes.Pointer:
		c.check(pos, t.Elem(), false)
	case *gotypes.Slice:
		c.check(pos, t.Elem(), false)
	case *gotypes.Map:
		c.check(pos, t.Elem(), false)
	case *gotypes.Array:
		if !isAssignable(t.Elem()) {
			*c.warnings = append(*c.warnings, diag.Problem{
				Pos: c.fset.Position(pos), Severity: diag.Warning, Code: diag.NotCopyable,
				Message: "deepcopy-gen copies arrays by assignment: copies share what the elements of this one refer to", Cure: "use a slice",
			})
		}
	case *gotypes.Struct:
		if !isAssignable(t) {
			c.refuse(pos, "deepcopy-gen makes no functions for structs without a name").Fix("declare a type for it")
		}
	case *gotypes.Interface:
		c.refuse(pos, "deepcopy-gen cannot copy %s", t).Fix("use a type such as runtime.RawExtension, or a named interface with a method DeepCopy<name>")
	case *gotypes.Chan, *gotypes.Signature:
		c.refuse(pos, "deepcopy-gen cannot copy a %s", kindOf(t)).Fix("leave the field out, or write DeepCopyInto by hand")
	case *gotypes.Basic:
		if t.Kind() == gotypes.Invalid && !c.told {
			c.refuse(pos, "the type of this is not known: it comes from C, or from a package with mistakes").Fix("see what go vet says")
		}
	case *gotypes.TypeParam:
		c.refuse(pos, "deepcopy-gen does not know type parameters").Fix("write DeepCopyInto by hand")
	case *gotypes.Named:
		c.checkNamed(pos, t, direct)
	}
}

func (c *copyCheck) checkNamed(pos token.Pos, t *gotypes.Named, direct bool) {
	if i, ok := t.Underlying().(*gotypes.Interface); ok {
		method := "DeepCopy" + t.Obj().Name()
		if object, _, _ := gotypes.LookupFieldOrMethod(i, false, t.Obj().Pkg(), method); object == nil {
			c.refuse(pos, "deepcopy-gen cannot copy the interface %s", t.Obj().Name()).Fix("give it a method %s() %s", method, t.Obj().Name())
		}
		return
	}
	if t.TypeArgs().Len() == 0 {
		return
	}
	_, isStruct := t.Underlying().(*gotypes.Struct)
	if isStruct && direct {
		return // its own method copies it
	}
	for arg := range t.TypeArgs().Types() {
		if _, basic := gotypes.Unalias(arg).(*gotypes.Basic); isStruct || !basic {
			c.refuse(pos, "deepcopy-gen cannot write the type %s", gotypes.TypeString(t, (*gotypes.Package).Name)).Fix("declare a type without type parameters for it")
			return
		}
	}
}

func (c *copyCheck) refuse(pos token.Pos, format string, args ...any) *diag.Problem {
	return c.problems.Errorf(c.fset.Position(pos), diag.NotCopyable, format, args...)
}

func kindOf(t gotypes.Type) string {
	if _, ok := t.(*gotypes.Chan); ok {
		return "channel"
	}
	return "function"
}

// isAssignable reports whether an assignment copies all of a value.
func isAssignable(t gotypes.Type) bool {
	switch t := t.Underlying().(type) {
	case *gotypes.Basic:
		return true
	case *gotypes.Array:
		return isAssignable(t.Elem())
	case *gotypes.Struct:
		for field := range t.Fields() {
			if !isAssignable(field.Type()) {
				return false
			}
		}
		return true
	}
	return false
}
