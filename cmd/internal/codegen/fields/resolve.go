package fields

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// builder makes types of declarations. What it needs of packages that are not known becomes Opaque, and is noted: after
// they have been loaded, another builder begins anew.
type builder struct {
	known   map[string]*load.Package
	missing map[string]bool
	structs map[Name]*Struct
	named   map[Name]*Type
	queue   []func() // what remains to be done for structs that are known by name
}

// scope is where the names in an expression are looked up.
type scope struct {
	pkg  *load.Package
	file *load.File
}

func opaque(why *Fault) *Type { return &Type{Kind: Opaque, Why: why} }

// expr returns the type that an expression denotes.
func (b *builder) expr(s scope, e ast.Expr) *Type {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return b.expr(s, e.X)
	case *ast.Ident:
		return b.ident(s, e.Name)
	case *ast.SelectorExpr:
		name, ok := e.X.(*ast.Ident)
		if !ok {
			break
		}
		importPath := s.file.ImportPath(name.Name)
		if importPath == "" {
			return opaque(faultf("is of type %s.%s, and no import of this file is surely named %s", name.Name, e.Sel.Name, name.Name).fix("write the name into the import: %s \"import/path\"", name.Name))
		}
		return b.namedType(Name{importPath, e.Sel.Name})
	case *ast.StarExpr:
		return &Type{Kind: Pointer, Elem: b.expr(s, e.X)}
	case *ast.ArrayType:
		if e.Len == nil {
			return &Type{Kind: Slice, Elem: b.expr(s, e.Elt)}
		}
		return opaque(faultf("is an array, which server-side apply does not know").fix("use a slice"))
	case *ast.MapType:
		return &Type{Kind: Map, Key: b.expr(s, e.Key), Elem: b.expr(s, e.Value)}
	case *ast.IndexExpr, *ast.IndexListExpr:
		return opaque(faultf("has a type with type arguments, of which no apply configuration can be made").fix("declare a struct without type parameters"))
	case *ast.InterfaceType:
		return opaque(faultf("is an interface, into which JSON cannot be read").fix("use runtime.RawExtension, or a struct"))
	case *ast.StructType:
		return opaque(faultf("is a struct without a name").fix("declare a type for it"))
	case *ast.FuncType, *ast.ChanType:
		return opaque(faultf("is of a type that JSON does not have").fix("give it the tag `json:\"-\"`"))
	}
	return opaque(faultf("is of a type that is not understood").fix("use a struct, a basic type, a slice or a map"))
}

// ident returns the type of a name without package: one of the package, of those that it imports with a dot, or a
// predeclared one.
func (b *builder) ident(s scope, name string) *Type {
	if s.pkg.FindType(name) != nil {
		return b.namedType(Name{s.pkg.Path, name})
	}
	for _, importPath := range s.file.DotImports() {
		pkg, ok := b.known[importPath]
		switch {
		case !ok:
			b.missing[importPath] = true
		case pkg != nil && pkg.FindType(name) != nil:
			return b.namedType(Name{importPath, name})
		}
	}
	predeclared, ok := types.Universe.Lookup(name).(*types.TypeName)
	if !ok {
		return opaque(faultf("is of type %s, which package %s does not declare", name, s.pkg.Path).fix("declare it"))
	}
	basic, ok := predeclared.Type().Underlying().(*types.Basic)
	switch {
	case !ok:
		return opaque(faultf("is an interface, into which JSON cannot be read").fix("use runtime.RawExtension, or a struct"))
	case basic.Info()&types.IsComplex != 0:
		return opaque(faultf("is of type %s, which JSON does not have", name).fix("use a string"))
	}
	return &Type{Kind: Basic, Name: Name{"", name}, Basic: name}
}

// namedType returns a type with a name.
func (b *builder) namedType(name Name) *Type {
	if t, ok := b.named[name]; ok {
		if t == nil {
			return opaque(faultf("is of type %s, which is made of itself without a struct between", name.Name).fix("put it into a struct"))
		}
		return t
	}
	pkg, ok := b.known[name.Path]
	if !ok {
		b.missing[name.Path] = true
		return opaque(faultf("waits for package %q", name.Path))
	}
	if pkg == nil {
		return opaque(faultf("is of type %s of package %q, which cannot be loaded", name.Name, name.Path).fix("run go get %s", name.Path))
	}
	decl := pkg.FindType(name.Name)
	switch {
	case decl == nil:
		return opaque(faultf("is of type %s, which package %q does not declare", name.Name, name.Path).fix("correct the name"))
	case decl.Spec.TypeParams != nil:
		return opaque(faultf("is of type %s, which has type parameters", name.Name).fix("use a type without them"))
	}
	b.named[name] = nil // until it is known, nothing can be made of it
	t := b.declared(pkg, decl, name)
	b.named[name] = t
	return t
}

// declared returns the type of a declaration.
func (b *builder) declared(pkg *load.Package, decl *load.TypeDecl, name Name) *Type {
	s := scope{pkg, decl.File}
	if decl.Spec.Assign.IsValid() {
		return b.expr(s, decl.Spec.Type)
	}
	body, at := b.structOf(s, decl.Spec.Type)
	if body == nil {
		t := *b.expr(s, decl.Spec.Type)
		if t.Kind == Opaque {
			return &t
		}
		t.Name = name
		_, t.tags = comment(decl.Doc)
		return &t
	}
	result := &Struct{Name: name, Pos: decl.Pos, Model: modelName(pkg, name.Name)}
	result.Doc, result.tags = comment(decl.Doc)
	_, hasType := pkg.Methods[name.Name]["OpenAPISchemaType"]
	result.openAPI = hasType
	result.openAPIType = pkg.Returns[name.Name]["OpenAPISchemaType"]
	result.openAPIFormat = pkg.Returns[name.Name]["OpenAPISchemaFormat"]
	result.ownJSON = pkg.Methods[name.Name]["UnmarshalJSON"]
	b.structs[name] = result
	b.queue = append(b.queue, func() { result.Fields = b.fields(at, body) })
	return &Type{Kind: StructType, Name: name, Struct: result}
}

// structOf returns the struct that an expression denotes, itself or through a name, and the scope of its fields; or nil.
func (b *builder) structOf(s scope, e ast.Expr) (*ast.StructType, scope) {
	seen := map[*load.TypeDecl]bool{}
	for {
		var pkg *load.Package
		var name string
		switch expr := e.(type) {
		case *ast.StructType:
			return expr, s
		case *ast.Ident:
			pkg, name = s.pkg, expr.Name
		case *ast.SelectorExpr:
			x, ok := expr.X.(*ast.Ident)
			if !ok {
				return nil, s
			}
			importPath := s.file.ImportPath(x.Name)
			if _, ok := b.known[importPath]; !ok && importPath != "" {
				b.missing[importPath] = true
			}
			pkg, name = b.known[importPath], expr.Sel.Name
		}
		if pkg == nil {
			return nil, s
		}
		decl := pkg.FindType(name)
		if decl == nil || seen[decl] || decl.Spec.TypeParams != nil {
			return nil, s
		}
		seen[decl] = true
		s, e = scope{pkg, decl.File}, decl.Spec.Type
	}
}

// fields returns the fields of a struct that JSON has.
func (b *builder) fields(s scope, body *ast.StructType) []*Field {
	var fields []*Field
	for _, f := range body.Fields.List {
		doc, tags := comment(f.Doc)
		names := f.Names
		if len(names) == 0 {
			names = []*ast.Ident{nil}
		}
		for _, ident := range names {
			field := &Field{Doc: doc, tags: tags, Embedded: ident == nil}
			if ident != nil {
				field.Name, field.Pos = ident.Name, s.file.Position(ident)
			} else {
				field.Name, field.Pos = embeddedName(f.Type), s.file.Position(f.Type)
			}
			if !field.jsonTag(f.Tag) {
				continue
			}
			field.Type = b.expr(s, f.Type)
			if kind := field.Type.Deref().Kind; field.Inline() && kind != StructType && kind != Opaque {
				field.JSON = field.Name // only structs are inlined
			}
			field.checkTags()
			b.resolveDefault(s, field)
			fields = append(fields, field)
		}
	}
	return fields
}

// reference is a default value that is a constant of Go.
var reference = regexp.MustCompile(`^ref\((?:(.+)\.)?([A-Za-z_][A-Za-z0-9_]*)\)$`)

// resolveDefault writes the value of a constant into a tag that refers to it. One that is not a string has none.
func (b *builder) resolveDefault(s scope, field *Field) {
	text, _ := field.tags.first("default")
	match := reference.FindStringSubmatch(text)
	if match == nil {
		return
	}
	pkg := s.pkg
	if match[1] != "" {
		var ok bool
		if pkg, ok = b.known[match[1]]; !ok {
			b.missing[match[1]] = true
		}
	}
	if pkg == nil {
		return
	}
	if value, ok := pkg.Strings[match[2]]; ok {
		field.tags = maps.Clone(field.tags)
		field.tags["default"] = []string{strconv.Quote(value)}
	}
}

// embeddedName returns the name of a field that embeds a type.
func embeddedName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return embeddedName(e.X)
	case *ast.IndexExpr:
		return embeddedName(e.X)
	case *ast.IndexListExpr:
		return embeddedName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// jsonTag reads the struct tag of a field, and reports whether JSON has the field.
func (f *Field) jsonTag(tag *ast.BasicLit) bool {
	value := ""
	if tag != nil {
		if unquoted, err := strconv.Unquote(tag.Value); err == nil {
			value = reflect.StructTag(unquoted).Get("json")
		}
	}
	name, options, _ := strings.Cut(value, ",")
	inline := false
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty", "omitzero":
			f.OmitEmpty = true
		case "string":
			f.wrong = append(f.wrong, *faultf("has the JSON option string, which the machinery of server-side apply cannot read").fix("use a string, or leave the option out"))
		case "inline":
			inline = true
		}
	}
	f.JSON = name
	switch {
	case value == "-":
		return false
	case f.Embedded:
		return true
	case !token.IsExported(f.Name):
		return false
	case inline && name == "":
		f.wrong = append(f.wrong, *faultf("has the option inline, but is not embedded, so that JSON takes it for a field like any other").fix("embed it, or write its name into the tag"))
		f.JSON = f.Name
	case name == "":
		f.JSON, f.Untagged = f.Name, value == ""
	}
	return true
}
