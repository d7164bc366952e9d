package apis

import (
	"embed"
	"fmt"
	"io/fs"

	"sigs.k8s.io/yaml"
)

//go:embed stable/v1/*.yaml monitoring/v1/*.yaml
var manifests embed.FS

// CRD is the manifest of one of the CustomResourceDefinitions of this package.
type CRD struct {
	// Name of the definition: <plural>.<group>.
	Name string
	// JSON is the manifest as an API server takes it.
	JSON []byte
}

// CRDs returns the CustomResourceDefinitions of the sample APIs, ordered by
// file name.
func CRDs() ([]CRD, error) {
	files, err := fs.Glob(manifests, "*/v1/*.yaml")
	if err != nil {
		return nil, err
	}
	crds := make([]CRD, 0, len(files))
	for _, file := range files {
		crd, err := readCRD(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		crds = append(crds, crd)
	}
	return crds, nil
}

func readCRD(file string) (CRD, error) {
	data, err := manifests.ReadFile(file)
	if err != nil {
		return CRD{}, err
	}
	var header struct {
		Kind     string `json:"kind"`
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := yaml.Unmarshal(data, &header); err != nil {
		return CRD{}, err
	}
	if header.Kind != "CustomResourceDefinition" || header.Metadata.Name == "" {
		return CRD{}, fmt.Errorf("kind is %q and name %q: this is not a CustomResourceDefinition", header.Kind, header.Metadata.Name)
	}
	json, err := yaml.YAMLToJSONStrict(data)
	return CRD{Name: header.Metadata.Name, JSON: json}, err
}
