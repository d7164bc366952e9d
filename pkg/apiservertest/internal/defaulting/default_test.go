package defaulting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// created are the fields that a server sets in new objects which are not defaults, by kind: they are allocated, of the object's identity, or what
// admission plugins do. A field of the golden files that is neither these nor set by Default fails the test.
var created = map[string][]string{
	"*":                         {"metadata.creationTimestamp", "metadata.generation", "metadata.uid", "metadata.managedFields", "metadata.namespace"},
	"CertificateSigningRequest": {"spec.username", "spec.uid", "spec.groups"},
	"Job":                       {"metadata.labels.*controller-uid", "metadata.labels.*job-name", "spec.selector.matchLabels.*", "spec.template.metadata.labels.*controller-uid", "spec.template.metadata.labels.*job-name"},
	"Namespace":                 {"spec.finalizers"},
	"Node":                      {"spec.taints"},
	"PersistentVolume":          {"metadata.finalizers", "status.lastPhaseTransitionTime"},
	"PersistentVolumeClaim":     {"metadata.finalizers", "spec.dataSource*"},
	"Pod":                       {"spec.preemptionPolicy", "spec.priority", "spec.tolerations", "status.phase", "status.qosClass", "status.conditions"},
	"Service":                   {"spec.clusterIP", "spec.clusterIPs", "spec.ipFamilies", "spec.ipFamilyPolicy", "spec.ports.*.nodePort", "spec.healthCheckNodePort"},
	"VolumeAttributesClass":     {"metadata.finalizers"},
}

func TestSetsWhatKubeAPIServerSets(t *testing.T) {
	scheme := catalog.Scheme()
	resources := catalog.New(catalog.Builtin()...)
	decoder := serializer.NewCodecFactory(scheme).UniversalDeserializer()
	tested := 0
	for file, documents := range documents(t, "yaml") {
		goldens := readDocuments(t, strings.TrimSuffix(file, ".yaml")+".golden")
		if len(goldens) != len(documents) {
			t.Fatalf("%s has %d objects, and its golden file %d", file, len(documents), len(goldens))
		}
		for i, document := range documents {
			document = bytes.ReplaceAll(document, []byte("{ns}"), []byte("defaults-"+strings.TrimSuffix(filepath.Base(file), ".yaml")))
			sent := toJSON(t, document)
			obj, gvk, err := decoder.Decode(sent, nil, nil)
			if err != nil {
				t.Fatalf("%s: %v", document, err)
			}
			tested++
			compare(t, *gvk, defaulted(t, resources, obj.(kind.Object), *gvk), tree(t, toJSON(t, goldens[i])), string(document))
		}
	}
	if tested < 100 {
		t.Errorf("there are only %d objects", tested)
	}
}

// defaulted returns what a server makes of an object, as a tree of JSON.
func defaulted(t *testing.T, resources *catalog.Catalog, obj kind.Object, gvk schema.GroupVersionKind) map[string]any {
	t.Helper()
	for _, r := range resources.All() {
		version, stored := r.Version(gvk.Version), r.Version(r.Storage)
		if r.Group != gvk.Group || r.Kind != gvk.Kind || version == nil {
			continue
		}
		if stored != nil {
			var err error
			if obj, err = codec.Convert(obj, stored, r); err != nil {
				t.Fatal(err)
			}
			Default(obj)
			if obj, err = codec.Convert(obj, version, r); err != nil {
				t.Fatal(err)
			}
		}
		obj.GetObjectKind().SetGroupVersionKind(gvk)
		data, err := json.Marshal(obj)
		if err != nil {
			t.Fatal(err)
		}
		return tree(t, data)
	}
	t.Fatalf("%s is not served", gvk)
	return nil
}

// compare demands that all fields are as wanted, but for those of created, which may be absent.
func compare(t *testing.T, gvk schema.GroupVersionKind, got, want map[string]any, sent string) {
	t.Helper()
	have, wanted := map[string]string{}, map[string]string{}
	flatten(have, "", got)
	flatten(wanted, "", want)
	all := maps.Clone(have)
	maps.Copy(all, wanted)
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if have[field] == wanted[field] || isCreated(gvk.Kind, field) || have[field] == "{}" && has(wanted, field) {
			continue
		}
		t.Errorf("%s\n\t%s: want %q, got %q", sent, field, wanted[field], have[field])
	}
}

// has reports whether there are fields below one.
func has(leaves map[string]string, field string) bool {
	for leaf := range leaves {
		if strings.HasPrefix(leaf, field+".") {
			return true
		}
	}
	return false
}

func isCreated(kind, field string) bool {
	return slices.ContainsFunc(append(created["*"], created[kind]...), func(pattern string) bool {
		// What is below a field is of it.
		depth := strings.Count(pattern, ".") + 1
		segments := strings.Split(field, ".")
		prefix := strings.Join(segments[:min(depth, len(segments))], "/")
		ok, err := path.Match(strings.ReplaceAll(pattern, ".", "/"), prefix)
		return ok && err == nil
	})
}

// flatten puts the leaves of a tree into leaves, by their paths. Dots and slashes in keys are underscores in paths.
func flatten(leaves map[string]string, at string, value any) {
	join := func(key string) string { return strings.TrimPrefix(at+"."+key, ".") }
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 && at != "" && at != "status" {
			leaves[at] = "{}"
		}
		for key, child := range v {
			flatten(leaves, join(strings.NewReplacer(".", "_", "/", "_").Replace(key)), child)
		}
	case []any:
		for i, child := range v {
			flatten(leaves, join(fmt.Sprint(i)), child)
		}
	default:
		leaves[at] = fmt.Sprintf("%T %v", value, value)
	}
}

func tree(t *testing.T, data []byte) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func toJSON(t *testing.T, document []byte) []byte {
	t.Helper()
	data, err := yaml.YAMLToJSON(document)
	if err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	return data
}

// documents returns those of the files with an extension, by the names of the files.
func documents(t *testing.T, extension string) map[string][][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*." + extension)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]byte{}
	for _, file := range files {
		all[file] = readDocuments(t, file)
	}
	return all
}

func readDocuments(t *testing.T, file string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	documents := bytes.Split(data, []byte("\n---\n"))
	if bytes.HasPrefix(data, []byte("#")) {
		documents = documents[1:]
	}
	return documents
}
