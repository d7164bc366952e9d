package clientcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
	goyaml "sigs.k8s.io/yaml/goyaml.v2"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	v1 "github.com/kubewright/kubewright/pkg/clientcmd/api/v1"
)

// maxExpanded bounds what the aliases of a YAML document may expand to, in bytes: a kubeconfig of a few lines could
// otherwise ask for any amount of memory.
const maxExpanded = 16 << 20

// Load reads a kubeconfig from YAML or JSON. No data is an empty kubeconfig, not an error. Paths stay as they are. See
// LoadUntrusted for data from somebody else.
func Load(data []byte) (*api.Config, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return api.NewConfig(), nil
	}
	if err := checkAliases(data); err != nil {
		return nil, err
	}
	jsonData, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, notYAML(err)
	}
	var file v1.Config
	if err := json.UnmarshalCaseSensitivePreserveInts(jsonData, &file); err != nil {
		return nil, explain(err, jsonData)
	}
	if (file.Kind != "" && file.Kind != "Config") || (file.APIVersion != "" && file.APIVersion != "v1") {
		return nil, fmt.Errorf("it is of kind %q and apiVersion %q, want a kubeconfig: kind Config, apiVersion v1", file.Kind, file.APIVersion)
	}
	v1.SetObjectDefaults_Config(&file)
	config := api.NewConfig()
	if err := v1.Convert_v1_Config_To_api_Config(&file, config, nil); err != nil {
		return nil, err
	}
	return config, nil
}

// LoadFromFile reads a kubeconfig from a file and notes in each entry where it comes from. Paths stay as they are: see
// ResolveLocalPaths.
func LoadFromFile(filename string) (*api.Config, error) {
	data, err := os.ReadFile(filename) //nolint:gosec // G703: the user names the kubeconfig
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
	setOrigin(config, filename)
	return config, nil
}

// setOrigin notes in each entry of config that it comes from a file.
func setOrigin(config *api.Config, filename string) {
	for _, cluster := range config.Clusters {
		cluster.LocationOfOrigin = filename
	}
	for _, user := range config.AuthInfos {
		user.LocationOfOrigin = filename
	}
	for _, context := range config.Contexts {
		context.LocationOfOrigin = filename
	}
}

// checkAliases refuses YAML whose aliases expand to more than maxExpanded. The parser bounds their number, not their size.
func checkAliases(data []byte) error {
	if bytes.IndexByte(data, '&') < 0 || bytes.IndexByte(data, '*') < 0 {
		return nil
	}
	var document any
	if err := goyaml.Unmarshal(data, &document); err != nil {
		return notYAML(err)
	}
	if left := spend(document, maxExpanded); left < 0 {
		return fmt.Errorf("its YAML aliases expand to more than %d bytes: write the values out", maxExpanded)
	}
	return nil
}

// spend subtracts the size of v from budget and stops when nothing is left.
func spend(v any, budget int) int {
	const perValue = 16
	budget -= perValue
	switch v := v.(type) {
	case string:
		budget -= len(v)
	case []any:
		for _, element := range v {
			if budget = spend(element, budget); budget < 0 {
				break
			}
		}
	case map[any]any:
		for key, value := range v {
			if budget = spend(value, spend(key, budget)); budget < 0 {
				break
			}
		}
	}
	return budget
}

// quotedValue is how the YAML parser repeats a value, which may be secret.
var quotedValue = regexp.MustCompile("`[^`]*`|(anchor )'[^']*'")

func notYAML(err error) error {
	text := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " ")
	return fmt.Errorf("it is not YAML: %s", quotedValue.ReplaceAllString(text, "$1(a value)"))
}
