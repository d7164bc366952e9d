package codegen

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// module is the import path of the module that the cases are copied to.
const module = "example.test/cases"

// surface is the exported API of packages: a line for each symbol, by the symbol's name. What is a name for readers only
// (parameters, receivers, comments) is not in it, nor are methods that structs of libraries bring.
type surface map[string]string

// printer writes types down.
type printer struct {
	// rename maps import paths, so that two surfaces can be compared.
	rename func(importPath string) string
}

// add records what a package exports, below the given name of the package.
func (p *printer) add(s surface, name string, pkg *types.Package) {
	scope := pkg.Scope()
	for _, object := range scope.Names() {
		obj := scope.Lookup(object)
		if !obj.Exported() {
			continue
		}
		symbol := name + "." + object
		switch obj := obj.(type) {
		case *types.Const:
			s[symbol] = "const " + p.typ(obj.Type())
		case *types.Var:
			s[symbol] = "var " + p.typ(obj.Type())
		case *types.Func:
			s[symbol] = "func" + p.signature(obj.Signature())
		case *types.TypeName:
			p.typeName(s, symbol, obj)
		}
	}
}

func (p *printer) typeName(s surface, symbol string, obj *types.TypeName) {
	if obj.IsAlias() {
		s[symbol] = "type = " + p.typ(obj.Type())
		return
	}
	switch underlying := obj.Type().Underlying().(type) {
	case *types.Interface:
		s[symbol] = "type interface"
		for method := range underlying.Methods() {
			s[symbol+"."+method.Name()] = "method" + p.signature(method.Signature())
		}
		return
	case *types.Struct:
		s[symbol] = "type struct"
		for field := range underlying.Fields() {
			if field.Exported() && !field.Embedded() {
				s[symbol+"."+field.Name()] = "field " + p.typ(field.Type())
			}
		}
	default:
		s[symbol] = "type " + p.typ(underlying)
	}
	methods := types.NewMethodSet(types.NewPointer(obj.Type()))
	for selection := range methods.Methods() {
		if method := selection.Obj(); method.Exported() && strings.HasPrefix(method.Pkg().Path(), module+"/") {
			s[symbol+"."+method.Name()] = "method" + p.signature(selection.Type().(*types.Signature))
		}
	}
}

func (p *printer) signature(signature *types.Signature) string {
	list := func(tuple *types.Tuple) string {
		var parts []string
		for i := range tuple.Len() {
			part := p.typ(tuple.At(i).Type())
			if signature.Variadic() && tuple == signature.Params() && i == tuple.Len()-1 {
				part = "..." + strings.TrimPrefix(part, "[]")
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, ", ")
	}
	return "(" + list(signature.Params()) + ") (" + list(signature.Results()) + ")"
}

func (p *printer) typ(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Name()
	case *types.Pointer:
		return "*" + p.typ(t.Elem())
	case *types.Slice:
		return "[]" + p.typ(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), p.typ(t.Elem()))
	case *types.Map:
		return "map[" + p.typ(t.Key()) + "]" + p.typ(t.Elem())
	case *types.Chan:
		return fmt.Sprintf("chan(%d) %s", t.Dir(), p.typ(t.Elem()))
	case *types.Signature:
		return "func" + p.signature(t)
	case *types.Named:
		return p.named(t)
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Interface:
		var methods []string
		for method := range t.Methods() {
			methods = append(methods, method.Name()+p.signature(method.Signature()))
		}
		slices.Sort(methods)
		return "interface{" + strings.Join(methods, "; ") + "}"
	case *types.Struct:
		var fields []string
		for field := range t.Fields() {
			fields = append(fields, field.Name()+" "+p.typ(field.Type()))
		}
		return "struct{" + strings.Join(fields, "; ") + "}"
	}
	return fmt.Sprintf("%T", t)
}

func (p *printer) named(t *types.Named) string {
	name := t.Obj().Name()
	if pkg := t.Obj().Pkg(); pkg != nil {
		name = p.rename(pkg.Path()) + "." + name
	}
	if t.TypeArgs().Len() == 0 {
		return name
	}
	var args []string
	for arg := range t.TypeArgs().Types() {
		args = append(args, p.typ(arg))
	}
	return name + "[" + strings.Join(args, ", ") + "]"
}
