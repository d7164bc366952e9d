package main

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// thisProgram tells this program from all that might generate something else: by the checksums of the modules that it is
// made of if all of them have one, and otherwise by its file, which must then stay as it is.
func thisProgram() (id string, files []string, err error) {
	info, ok := debug.ReadBuildInfo()
	if ok && hasSum(&info.Main) && !slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return !hasSum(m) }) {
		return info.String(), nil, nil
	}
	name, err := os.Executable()
	return name, []string{name}, err
}

func hasSum(module *debug.Module) bool {
	if module.Replace != nil {
		module = module.Replace
	}
	return module.Sum != ""
}

// goEnvironment returns the variables that change what the go command finds.
func goEnvironment() []string {
	var variables []string
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "GO") || strings.HasPrefix(variable, "CGO_ENABLED=") {
			variables = append(variables, variable)
		}
	}
	slices.Sort(variables)
	return variables
}
