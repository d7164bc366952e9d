package codegen

import (
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// inputPatterns returns the package patterns that --input-base and --input stand for.
func inputPatterns(base string, input []string) []string {
	patterns := make([]string, len(input))
	for i, in := range input {
		in = strings.TrimSuffix(in, "/") // group/ is the internal version
		first, _, _ := strings.Cut(in, "/")
		switch {
		case isDirectory(in), base == "", strings.Contains(first, ".") && strings.Count(in, "/") > 1:
			patterns[i] = in
		case isDirectory(base):
			patterns[i] = filepath.Join(base, filepath.FromSlash(in))
			if !filepath.IsAbs(patterns[i]) {
				patterns[i] = "." + string(filepath.Separator) + patterns[i]
			}
		default:
			patterns[i] = path.Join(base, in)
		}
	}
	return patterns
}

// checkImportPath checks the value of a flag that is the import path of generated code, or nothing.
func checkImportPath(flag, value string) error {
	if isDirectory(value) {
		return UsageErrorf("--%s=%s is a directory (write its import path)", flag, value)
	}
	return nil
}

// isDirectory reports whether the go command takes a pattern for a directory.
func isDirectory(pattern string) bool {
	return pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../") || filepath.IsAbs(pattern)
}

// boilerplate returns the content of the header file.
func boilerplate(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", UsageErrorf("read --go-header-file: %v", err)
	}
	return string(content), nil
}

var pluralException = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*):([A-Za-z_][A-Za-z0-9_]*)$`)

// pluralExceptions parses Kind:Plural.
func pluralExceptions(list []string) (map[string]string, error) {
	exceptions := map[string]string{}
	for _, exception := range list {
		match := pluralException.FindStringSubmatch(exception)
		if match == nil {
			return nil, UsageErrorf("--plural-exceptions=%s is not of the form Kind:Plural (write, for example, --plural-exceptions=Endpoints:Endpoints)", exception)
		}
		exceptions[match[1]] = match[2]
	}
	return exceptions, nil
}

// includedTypes parses group/version/Type into the types of each group/version.
func includedTypes(list []string) (map[string][]string, error) {
	included := map[string][]string{}
	for _, entry := range list {
		version, kind := path.Split(entry)
		version = strings.TrimSuffix(version, "/")
		if strings.Count(version, "/") != 1 || !token.IsIdentifier(kind) {
			return nil, UsageErrorf("--included-types-overrides=%s is not of the form group/version/Type (write, for example, --included-types-overrides=stable/v1/CronTab)", entry)
		}
		included[version] = append(included[version], kind)
	}
	return included, nil
}
