package fields

import (
	"fmt"
	"go/token"
	"slices"
)

// Fault is something wrong with a field.
type Fault struct {
	// Message goes on from the name of the field, as in "is an array". Cure is what to do, such as "use a slice".
	Message, Cure string
}

func faultf(format string, args ...any) *Fault {
	return &Fault{Message: fmt.Sprintf(format, args...)}
}

// fix sets the cure.
func (f *Fault) fix(format string, args ...any) *Fault {
	f.Cure = fmt.Sprintf(format, args...)
	return f
}

// Why returns why nothing can be made of a type, or of a part of it, or nil.
func Why(t *Type) *Fault {
	switch {
	case t == nil:
		return nil
	case t.Kind == Opaque:
		return t.Why
	case t.Name.Path != "" && !token.IsExported(t.Name.Name) && t.Kind != StructType:
		return NotExported(t)
	}
	if why := Why(t.Key); why != nil {
		return why
	}
	return Why(t.Elem)
}

// NotExported returns what is wrong with a field whose type other packages cannot name.
func NotExported(t *Type) *Fault {
	return faultf("is of type %s, which is not exported", t.Name.Name).fix("begin its name with a capital letter")
}

// Wrong returns what the tags of the field have wrong: problems of whoever wrote it.
func (f *Field) Wrong() []Fault { return slices.Clone(f.wrong) }
