package registry

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// strategy is what a resource does otherwise than others. The zero value is that of a resource that is as most are. What is in the table was seen on
// kube-apiserver v1.36.
type strategy struct {
	// name checks names. Nil: they are DNS-1123 subdomains.
	name validation.ValidateNameFunc
	// createOnUpdate lets an update create the object.
	createOnUpdate bool
	// conditional refuses updates that do not name a resourceVersion.
	conditional bool
	// status is kept of a new object: it is not taken away.
	status bool
	// generation counts the changes of all that is neither metadata nor status.
	generation bool
	// returnsDeleted answers a deletion with the object instead of a Status.
	returnsDeleted bool
	// orphans keeps dependents if a deletion says nothing about them.
	orphans bool
	// graceful tells how long an object goes on after a deletion, in seconds, given what the client asks for.
	graceful func(obj kind.Object, asked *int64) int64
	// create completes a new object, which has its defaults (package defaulting).
	create func(r *Registry, user User, obj kind.Object)
	// keep puts back in obj what the server keeps without a word.
	keep func(r *Registry, obj, old kind.Object)
	// check returns what is wrong in what an update, of the object or of a subresource, makes of it.
	check func(obj kind.Object) field.ErrorList
	// immutable returns what an update of the object, not of a subresource, changed though it must not.
	immutable func(obj, old kind.Object) field.ErrorList
}

func strategyOf(r *kind.Resource) strategy {
	if r.Custom {
		return strategy{conditional: true, generation: true}
	}
	return strategies[r.GroupResource()]
}

func core(resource string) schema.GroupResource { return schema.GroupResource{Resource: resource} }

func in(group, resource string) schema.GroupResource {
	return schema.GroupResource{Group: group, Resource: resource}
}

// counted is the strategy of the many that only have a generation.
var counted = strategy{generation: true}

var strategies = map[schema.GroupResource]strategy{
	core("configmaps"):             {immutable: immutableConfigMap},
	core("endpoints"):              {createOnUpdate: true},
	core("events"):                 {createOnUpdate: true, name: anyName},
	core("limitranges"):            {createOnUpdate: true},
	core("namespaces"):             {name: validation.NameIsDNSLabel, create: newNamespace, keep: keepNamespaceFinalizers, check: checkPhase},
	core("nodes"):                  {status: true, create: newNode},
	core("persistentvolumeclaims"): {returnsDeleted: true, create: newVolume, keep: keepClaim},
	core("persistentvolumes"):      {returnsDeleted: true, create: newVolume},
	core("pods"):                   {generation: true, returnsDeleted: true, graceful: podGrace, create: newPod, keep: keepPod, immutable: immutablePod},
	core("podtemplates"):           {generation: true, returnsDeleted: true},
	core("replicationcontrollers"): {generation: true, orphans: true},
	core("resourcequotas"):         {returnsDeleted: true},
	core("secrets"):                {keep: keepSecret, immutable: immutableSecret},
	core("serviceaccounts"):        {returnsDeleted: true},
	core("services"):               {name: validation.NameIsDNSLabel, createOnUpdate: true, returnsDeleted: true, create: newService, keep: keepService, immutable: immutableService},

	in("admissionregistration.k8s.io", "mutatingadmissionpolicies"):         counted,
	in("admissionregistration.k8s.io", "mutatingadmissionpolicybindings"):   counted,
	in("admissionregistration.k8s.io", "mutatingwebhookconfigurations"):     counted,
	in("admissionregistration.k8s.io", "validatingadmissionpolicies"):       counted,
	in("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): counted,
	in("admissionregistration.k8s.io", "validatingwebhookconfigurations"):   counted,
	in("apiextensions.k8s.io", "customresourcedefinitions"):                 counted,
	in("apiregistration.k8s.io", "apiservices"):                             {name: anyName, conditional: true},

	in("apps", "daemonsets"):   {generation: true, create: newDaemonSet, keep: keepDaemonSet, immutable: immutableSelector},
	in("apps", "deployments"):  {generation: true, immutable: immutableSelector},
	in("apps", "replicasets"):  {generation: true, immutable: immutableSelector},
	in("apps", "statefulsets"): {generation: true, name: validation.NameIsDNSLabel, immutable: immutableStatefulSet},

	in("batch", "cronjobs"): {generation: true},
	in("batch", "jobs"):     {generation: true, orphans: true, create: newJob, immutable: immutableJob},

	in("certificates.k8s.io", "certificatesigningrequests"): {name: anyName, create: newCertificateSigningRequest},
	in("coordination.k8s.io", "leases"):                     {createOnUpdate: true, conditional: true},
	in("discovery.k8s.io", "endpointslices"):                counted,
	in("events.k8s.io", "events"):                           {createOnUpdate: true},

	in("flowcontrol.apiserver.k8s.io", "flowschemas"):                 counted,
	in("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations"): counted,

	in("networking.k8s.io", "ingressclasses"):  counted,
	in("networking.k8s.io", "ingresses"):       counted,
	in("networking.k8s.io", "networkpolicies"): {generation: true},
	in("node.k8s.io", "runtimeclasses"):        {createOnUpdate: true},
	in("policy", "poddisruptionbudgets"):       {generation: true, name: anyName},

	in("rbac.authorization.k8s.io", "clusterrolebindings"): {createOnUpdate: true, name: pathSegment},
	in("rbac.authorization.k8s.io", "clusterroles"):        {createOnUpdate: true, name: pathSegment},
	in("rbac.authorization.k8s.io", "rolebindings"):        {createOnUpdate: true, name: pathSegment},
	in("rbac.authorization.k8s.io", "roles"):               {createOnUpdate: true, name: pathSegment},

	in("resource.k8s.io", "deviceclasses"):          {generation: true, returnsDeleted: true},
	in("resource.k8s.io", "resourceclaims"):         {returnsDeleted: true},
	in("resource.k8s.io", "resourceslices"):         {generation: true, returnsDeleted: true},
	in("scheduling.k8s.io", "priorityclasses"):      counted,
	in("storage.k8s.io", "csidrivers"):              {returnsDeleted: true},
	in("storage.k8s.io", "storageclasses"):          {returnsDeleted: true},
	in("storage.k8s.io", "volumeattributesclasses"): {create: newVolumeAttributesClass},
}

// pathSegment is of names that are in paths only.
func pathSegment(name string, prefix bool) (errs []string) {
	if !prefix && (name == "." || name == "..") {
		return []string{"may not be '" + name + "'"}
	}
	for _, forbidden := range []string{"/", "%"} {
		if strings.Contains(name, forbidden) {
			errs = append(errs, "may not contain '"+forbidden+"'")
		}
	}
	return errs
}

// anyName is of resources that leave names to the rules for paths, which the endpoint checks.
func anyName(string, bool) []string { return nil }
