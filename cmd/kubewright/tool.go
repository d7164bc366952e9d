package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// toolID tells this program from all that might generate something else: by the checksums of the modules that it is made
// of if all of them have one, and otherwise by its own bytes.
func toolID() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if ok && hasSum(&info.Main) && !slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return !hasSum(m) }) {
		return info.String(), nil
	}
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	return hex.EncodeToString(hash.Sum(nil)), errors.Join(err, file.Close())
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
