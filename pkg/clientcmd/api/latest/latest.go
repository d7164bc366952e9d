// Package latest reads and writes kubeconfigs of any version, of which there is one, as objects of a runtime.Scheme.
//
// It is for programs that hand kubeconfigs to the machinery of Kubernetes API objects. Others use package clientcmd, whose
// errors say what is wrong, and where.
package latest

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/versioning"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	v1 "github.com/kubewright/kubewright/pkg/clientcmd/api/v1"
)

// Version is the version that is written.
const Version = "v1"

// OldestVersion is the oldest version that can be read.
const OldestVersion = "v1"

// ExternalVersion is Version, of no group.
var ExternalVersion = schema.GroupVersion{Group: "", Version: Version}

// Versions are all versions that can be read, the newest last.
var Versions = []string{Version}

var (
	// Scheme knows api.Config, v1.Config and how one becomes the other.
	Scheme = newScheme()
	// Codec reads YAML and JSON into api.Config, with the defaults set, and writes YAML.
	Codec = newCodec(Scheme)
)

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	utilruntime.Must(api.AddToScheme(scheme))
	utilruntime.Must(v1.AddToScheme(scheme))
	return scheme
}

func newCodec(scheme *runtime.Scheme) runtime.Codec {
	yaml := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true})
	return versioning.NewDefaultingCodecForScheme(scheme, yaml, yaml, ExternalVersion, runtime.InternalGroupVersioner)
}
