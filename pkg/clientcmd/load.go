package clientcmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// Load reads a kubeconfig from YAML or JSON. No data is an empty kubeconfig, not an error. Paths stay as they are.
func Load(data []byte) (*api.Config, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return api.NewConfig(), nil
	}
	jsonData, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, fmt.Errorf("it is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var wire wireConfig
	if err := kjson.UnmarshalCaseSensitivePreserveInts(jsonData, &wire); err != nil {
		return nil, explainType(err)
	}
	return wire.config()
}

// explainType says what a kubeconfig has in the wrong place, without the Go types and without the value.
func explainType(err error) error {
	mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return err
	}
	got, _, _ := strings.Cut(mismatch.Value, " ")
	if mismatch.Field == "" {
		return fmt.Errorf("it is not a kubeconfig: want a mapping with clusters, users and contexts, got a value of type %s", got)
	}
	want := "mapping"
	switch mismatch.Type.Kind().String() {
	case "slice":
		want = "list"
	case "string", "bool":
		want = mismatch.Type.Kind().String()
	}
	return fmt.Errorf("field %q has a value of type %s, want a %s", mismatch.Field, got, want)
}

// LoadFromFile reads a kubeconfig from a file and notes in each entry where it comes from. Paths stay as they are: see
// ResolveLocalPaths.
func LoadFromFile(filename string) (*api.Config, error) {
	data, err := os.ReadFile(filename)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("unable to read kubeconfig: %w: choose another file, or write this one", err)
	}
	if err != nil {
		return nil, fmt.Errorf("unable to read kubeconfig: %w", err)
	}
	config, err := Load(data)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %q cannot be used: %w", filename, err)
	}
	for _, cluster := range config.Clusters {
		cluster.LocationOfOrigin = filename
	}
	for _, user := range config.AuthInfos {
		user.LocationOfOrigin = filename
	}
	for _, context := range config.Contexts {
		context.LocationOfOrigin = filename
	}
	return config, nil
}
