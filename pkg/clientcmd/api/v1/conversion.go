package v1

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/runtime"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// The functions of this file turn lists of named entries into maps and back; the rest of the conversions is generated, and
// calls these by their names. Lists are written in the order of the names, so that equal kubeconfigs are equal files. A
// name that is there twice is an error.

// Convert_Slice_v1_NamedCluster_To_Map_string_To_Pointer_api_Cluster makes a map of the list.
func Convert_Slice_v1_NamedCluster_To_Map_string_To_Pointer_api_Cluster(in *[]NamedCluster, out *map[string]*api.Cluster, s conversion.Scope) error {
	return toMap("cluster", *in, out, func(e *NamedCluster) (string, *api.Cluster, error) {
		cluster := api.NewCluster()
		return e.Name, cluster, Convert_v1_Cluster_To_api_Cluster(&e.Cluster, cluster, s)
	})
}

// Convert_Map_string_To_Pointer_api_Cluster_To_Slice_v1_NamedCluster makes a list of the map.
func Convert_Map_string_To_Pointer_api_Cluster_To_Slice_v1_NamedCluster(in *map[string]*api.Cluster, out *[]NamedCluster, s conversion.Scope) error {
	return toList(*in, out, func(name string, cluster *api.Cluster, e *NamedCluster) error {
		e.Name = name
		if cluster == nil {
			return nil
		}
		return Convert_api_Cluster_To_v1_Cluster(cluster, &e.Cluster, s)
	})
}

// Convert_Slice_v1_NamedAuthInfo_To_Map_string_To_Pointer_api_AuthInfo makes a map of the list.
func Convert_Slice_v1_NamedAuthInfo_To_Map_string_To_Pointer_api_AuthInfo(in *[]NamedAuthInfo, out *map[string]*api.AuthInfo, s conversion.Scope) error {
	return toMap("user", *in, out, func(e *NamedAuthInfo) (string, *api.AuthInfo, error) {
		user := api.NewAuthInfo()
		return e.Name, user, Convert_v1_AuthInfo_To_api_AuthInfo(&e.AuthInfo, user, s)
	})
}

// Convert_Map_string_To_Pointer_api_AuthInfo_To_Slice_v1_NamedAuthInfo makes a list of the map.
func Convert_Map_string_To_Pointer_api_AuthInfo_To_Slice_v1_NamedAuthInfo(in *map[string]*api.AuthInfo, out *[]NamedAuthInfo, s conversion.Scope) error {
	return toList(*in, out, func(name string, user *api.AuthInfo, e *NamedAuthInfo) error {
		e.Name = name
		if user == nil {
			return nil
		}
		return Convert_api_AuthInfo_To_v1_AuthInfo(user, &e.AuthInfo, s)
	})
}

// Convert_Slice_v1_NamedContext_To_Map_string_To_Pointer_api_Context makes a map of the list.
func Convert_Slice_v1_NamedContext_To_Map_string_To_Pointer_api_Context(in *[]NamedContext, out *map[string]*api.Context, s conversion.Scope) error {
	return toMap("context", *in, out, func(e *NamedContext) (string, *api.Context, error) {
		context := api.NewContext()
		return e.Name, context, Convert_v1_Context_To_api_Context(&e.Context, context, s)
	})
}

// Convert_Map_string_To_Pointer_api_Context_To_Slice_v1_NamedContext makes a list of the map.
func Convert_Map_string_To_Pointer_api_Context_To_Slice_v1_NamedContext(in *map[string]*api.Context, out *[]NamedContext, s conversion.Scope) error {
	return toList(*in, out, func(name string, context *api.Context, e *NamedContext) error {
		e.Name = name
		if context == nil {
			return nil
		}
		return Convert_api_Context_To_v1_Context(context, &e.Context, s)
	})
}

// Convert_Slice_v1_NamedExtension_To_Map_string_To_runtime_Object makes a map of the list. What the extensions say is kept as
// it is, as runtime.Unknown.
func Convert_Slice_v1_NamedExtension_To_Map_string_To_runtime_Object(in *[]NamedExtension, out *map[string]runtime.Object, s conversion.Scope) error {
	return toMap("extension", *in, out, func(e *NamedExtension) (name string, object runtime.Object, err error) {
		err = runtime.Convert_runtime_RawExtension_To_runtime_Object(&e.Extension, &object, s)
		return e.Name, object, err
	})
}

// Convert_Map_string_To_runtime_Object_To_Slice_v1_NamedExtension makes a list of the map.
func Convert_Map_string_To_runtime_Object_To_Slice_v1_NamedExtension(in *map[string]runtime.Object, out *[]NamedExtension, s conversion.Scope) error {
	return toList(*in, out, func(name string, object runtime.Object, e *NamedExtension) error {
		e.Name = name
		return runtime.Convert_runtime_Object_To_runtime_RawExtension(&object, &e.Extension, s)
	})
}

// toMap adds the entries of list to *m. All that is wrong is told at once.
func toMap[E, V any](what string, list []E, m *map[string]V, entry func(*E) (string, V, error)) error {
	if *m == nil {
		*m = make(map[string]V, len(list))
	}
	var errs []error
	for i := range list {
		name, value, err := entry(&list[i])
		if _, twice := (*m)[name]; twice {
			errs = append(errs, fmt.Errorf("there are two %ss of name %q", what, name))
			continue
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s %q: %w", what, name, err))
		}
		(*m)[name] = value
	}
	return utilerrors.NewAggregate(errs)
}

// toList puts the entries of m into *list, in the order of their names. No entries make a nil list, which is written as null.
func toList[E, V any](m map[string]V, list *[]E, fill func(string, V, *E) error) error {
	*list = nil
	if len(m) > 0 {
		*list = make([]E, len(m))
	}
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if err := fill(name, m[name], &(*list)[i]); err != nil {
			return err
		}
	}
	return nil
}
