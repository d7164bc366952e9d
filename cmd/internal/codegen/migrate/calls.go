package migrate

import (
	"go/token"
	"path"
	"slices"
	"strings"
)

// calls reads the commands of a file.
func (r *reader) calls(commands []command) {
	for _, c := range commands {
		name, args := called(c.words)
		var known bool
		switch name {
		case "kube::codegen::gen_helpers":
			known = r.functionCall(c, args, "deepcopy", "defaults", "conversion")
		case "kube::codegen::gen_register":
			known = r.functionCall(c, args, "register")
		case "kube::codegen::gen_client":
			known = r.functionCall(c, args, "client", "fake")
		case "kube::codegen::gen_openapi":
			r.left(c.line, "gen_openapi makes OpenAPI definitions, which kubewright does not").Fix("keep the call")
		case "client-gen", "lister-gen", "informer-gen", "applyconfiguration-gen", "deepcopy-gen", "register-gen", "defaulter-gen", "conversion-gen":
			known = r.generatorCall(c, name, args)
		case "openapi-gen", "prerelease-lifecycle-gen", "validation-gen", "go-to-protobuf":
			r.left(c.line, "%s is not among the generators of kubewright", name).Fix("keep the call")
		case "generate-groups.sh", "generate-internal-groups.sh":
			known = r.groupsCall(c, args)
		}
		if known {
			r.result.Calls = append(r.result.Calls, token.Position{Filename: r.file, Line: c.line})
		}
	}
}

// called returns the program of a command without what starts it, such as bash, go run or a directory, and its arguments.
func called(words []string) (name string, args []string) {
	for len(words) > 0 {
		switch first := path.Base(words[0]); {
		case first == "bash" || first == "sh" || first == "exec" || first == "env" || first == "if" || first == "then" || first == "do" || first == "!":
			words = words[1:]
		case first == "go" && len(words) > 2 && (words[1] == "run" || words[1] == "tool"):
			words = words[2:]
			for len(words) > 1 && strings.HasPrefix(words[0], "-") {
				words = words[1:]
			}
			if program, _, ok := strings.Cut(words[0], "@"); ok {
				words = append([]string{program}, words[1:]...)
			}
		default:
			if strings.HasPrefix(words[0], "kube::") {
				return words[0], words[1:]
			}
			return first, words[1:]
		}
	}
	return "", nil
}

// flags are the flags of a call by name, without dashes, and its other arguments.
type flags struct {
	values map[string][]string
	args   []string
}

// parseFlags reads --name value, --name=value and -n value. Flags among switches have no value.
func parseFlags(words []string, switches ...string) flags {
	f := flags{values: map[string][]string{}}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if !strings.HasPrefix(word, "-") || word == "-" {
			f.args = append(f.args, word)
			continue
		}
		name, value, ok := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case ok:
		case slices.Contains(switches, name):
			value = "true"
		case len(words) > 0:
			value, words = words[0], words[1:]
		}
		f.values[name] = append(f.values[name], value)
	}
	return f
}

func (f flags) last(name string) string {
	if values := f.values[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

func (f flags) list(name string) []string {
	var list []string
	for _, value := range f.values[name] {
		list = append(list, strings.Split(value, ",")...)
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// rest reports the flags that are not among the known ones.
func (r *reader) rest(c command, f flags, known ...string) {
	var others []string
	for name := range f.values {
		if !slices.Contains(known, name) {
			others = append(others, "--"+name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		r.left(c.line, "flag %s has no counterpart", name).Fix("see whether you need it")
	}
}

// functionCall reads a call of a function of kube_codegen.sh.
func (r *reader) functionCall(c command, words []string, products ...string) bool {
	f := parseFlags(words, "with-watch", "with-applyconfig", "prefers-protobuf", "update-report")
	r.want(products...)
	s := &r.result.Settings
	r.once(&s.HeaderFile, r.local(f.last("boilerplate")), c.line, "--boilerplate")
	r.once(&s.OutputDir, r.local(f.last("output-dir")), c.line, "--output-dir")
	r.outputPackage(f.last("output-pkg"), c.line)
	r.once(&s.ClientsetName, f.last("clientset-name"), c.line, "--clientset-name")
	r.once(&s.VersionedName, f.last("versioned-name"), c.line, "--versioned-name")
	r.once(&s.ListersName, f.last("listers-name"), c.line, "--listers-name")
	r.once(&s.InformersName, f.last("informers-name"), c.line, "--informers-name")
	r.once(&s.ApplyName, f.last("applyconfig-name"), c.line, "--applyconfig-name")
	r.once(&s.ApplyExternals, f.last("applyconfig-externals"), c.line, "--applyconfig-externals")
	r.once(&s.OpenAPISchema, r.local(f.last("applyconfig-openapi-schema")), c.line, "--applyconfig-openapi-schema")
	r.plurals(f)
	r.peers(f)
	s.PrefersProtobuf = s.PrefersProtobuf || f.last("prefers-protobuf") == "true"
	if f.last("with-applyconfig") == "true" {
		r.want("apply")
	}
	if f.last("with-watch") == "true" {
		r.want("lister", "informer")
	}
	for _, dir := range f.args {
		r.pattern(directory(path.Join(r.local(dir), f.last("one-input-api"), "...")), c.line)
	}
	r.rest(c, f, "extra-peer-dir", "boilerplate", "output-dir", "output-pkg", "clientset-name", "versioned-name", "listers-name", "informers-name", "applyconfig-name",
		"applyconfig-externals", "applyconfig-openapi-schema", "plural-exceptions", "prefers-protobuf", "with-applyconfig", "with-watch", "one-input-api")
	return true
}

// generatorCall reads a call of a generator.
func (r *reader) generatorCall(c command, generator string, words []string) bool {
	f := parseFlags(words, "clientset-only", "single-directory", "prefers-protobuf", "fake-clientset", "skip-unsafe")
	product := map[string]string{
		"client-gen": "client", "lister-gen": "lister", "informer-gen": "informer", "applyconfiguration-gen": "apply",
		"deepcopy-gen": "deepcopy", "register-gen": "register", "defaulter-gen": "defaults", "conversion-gen": "conversion",
	}[generator]
	r.want(product)
	s := &r.result.Settings
	r.once(&s.HeaderFile, r.local(f.last("go-header-file")), c.line, "--go-header-file")
	r.plurals(f)
	r.peers(f)
	for _, pattern := range f.args {
		r.pattern(r.localPattern(pattern), c.line)
	}
	if dir := f.last("output-dir"); dir != "" {
		var setting string
		r.once(&setting, r.local(dir), c.line, "--output-dir")
		r.dirs[product] = setting
	}
	switch product {
	case "client":
		if f.last("fake-clientset") != "false" {
			r.want("fake")
		}
		r.once(&s.VersionedName, clientsetName(f), c.line, "--clientset-name")
		r.once(&s.ClientsetAPIPath, f.last("clientset-api-path"), c.line, "--clientset-api-path")
		s.PrefersProtobuf = s.PrefersProtobuf || f.last("prefers-protobuf") == "true"
		for _, input := range f.list("input") {
			base := f.last("input-base")
			if strings.HasPrefix(base, ".") || path.IsAbs(base) {
				r.pattern(directory(r.local(path.Join(base, input))), c.line)
			} else {
				r.pattern(r.localPattern(path.Join(base, input)), c.line)
			}
		}
	case "informer":
		s.SingleDirectory = s.SingleDirectory || f.last("single-directory") == "true"
	case "apply":
		r.once(&s.ApplyExternals, strings.Join(f.list("external-applyconfigurations"), ","), c.line, "--external-applyconfigurations")
		r.once(&s.OpenAPISchema, r.local(f.last("openapi-schema")), c.line, "--openapi-schema")
	}
	r.rest(c, f, "go-header-file", "plural-exceptions", "output-dir", "output-pkg", "clientset-name", "n", "clientset-path", "clientset-api-path", "prefers-protobuf",
		"fake-clientset", "input", "input-base", "single-directory", "external-applyconfigurations", "openapi-schema", "apply-configuration-package",
		"versioned-clientset-package", "listers-package", "output-file", "extra-peer-dirs", "v")
	if file := f.last("output-file"); file != "" && file != outputFiles[product] {
		r.left(c.line, "%s writes %s where kubewright writes %s", generator, file, outputFiles[product]).Fix("remove the old files once")
	}
	return true
}

// outputFiles are the files that kubewright makes in API packages.
var outputFiles = map[string]string{
	"deepcopy": "zz_generated.deepcopy.go", "register": "zz_generated.register.go", "defaults": "zz_generated.defaults.go", "conversion": "zz_generated.conversion.go",
}

func clientsetName(f flags) string {
	if name := f.last("clientset-name"); name != "" {
		return name
	}
	return f.last("n")
}

// groupsCall reads a call of generate-groups.sh: <generators> <output package> <apis package> "<group>:<version>,... ...".
func (r *reader) groupsCall(c command, words []string) bool {
	f := parseFlags(words)
	if len(f.args) < 4 {
		r.left(c.line, "generate-groups.sh has %d arguments", len(f.args)).Fix("it takes generators, output package, package of the APIs, groups and versions")
		return false
	}
	for generator := range strings.SplitSeq(f.args[0], ",") {
		switch generator {
		case "all":
			r.want("deepcopy", "client", "fake", "lister", "informer")
		case "client":
			r.want("client", "fake")
		case "applyconfiguration":
			r.want("apply")
		case "defaulter":
			r.want("defaults")
		default:
			r.want(generator)
		}
	}
	r.outputPackage(f.args[1], c.line)
	apis := f.args[len(f.args)-2]
	for group := range strings.FieldsSeq(f.args[len(f.args)-1]) {
		name, versions, _ := strings.Cut(group, ":")
		for version := range strings.SplitSeq(versions, ",") {
			r.pattern(r.localPattern(path.Join(apis, name, version)), c.line)
		}
	}
	r.once(&r.result.Settings.HeaderFile, r.local(f.last("go-header-file")), c.line, "--go-header-file")
	r.plurals(f)
	r.peers(f)
	r.rest(c, f, "go-header-file", "plural-exceptions", "output-base", "v")
	return true
}

// outputPackage sets the output directory by its import path, if nothing else has: in the module, one follows from the other.
func (r *reader) outputPackage(importPath string, line int) {
	s := &r.result.Settings
	rel, inside := strings.CutPrefix(importPath, r.Module+"/")
	switch {
	case importPath == "" || inside && s.OutputDir == rel:
	case inside && s.OutputDir == "":
		s.OutputDir = rel
	default:
		r.once(&s.OutputPackage, importPath, line, "--output-pkg")
	}
}

func (r *reader) plurals(f flags) {
	s := &r.result.Settings
	for _, exception := range f.list("plural-exceptions") {
		if !slices.Contains(s.PluralExceptions, exception) {
			s.PluralExceptions = append(s.PluralExceptions, exception)
		}
	}
}
