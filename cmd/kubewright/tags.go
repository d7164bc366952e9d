package main

// tagDoc explains one comment tag.
type tagDoc struct {
	// Key is the tag without "+" and value.
	Key string
	// Place says where it belongs, and Syntax is how it is written.
	Place, Syntax string
	// Does says what it does; Example is Go code.
	Does, Example string
}

// The places of tags.
const (
	aboveType    = "above a type: in its comment, or in the block directly above that comment"
	aboveField   = "above a field"
	aboveEither  = "above a field, or above the type that it has"
	abovePackage = "in any hand-written file of a package, usually above the package clause of doc.go"
)

// tagDocs are all tags that the generators read, by what they are about.
var tagDocs = []tagDoc{
	{
		Key: "genclient", Place: aboveType, Syntax: "+genclient",
		Does: "Makes a client for the type, and what belongs to it: lister, informer, apply configuration, fake. The type needs TypeMeta and\n" +
			"ObjectMeta, and a list type named <Kind>List.",
		Example: "// CronTab runs a job.\n//\n// +genclient\ntype CronTab struct {",
	},
	{
		Key: "genclient:nonNamespaced", Place: aboveType, Syntax: "+genclient:nonNamespaced",
		Does:    "Says that the resource is cluster scoped: the client takes no namespace. Without it, resources are namespaced.",
		Example: "// +genclient\n// +genclient:nonNamespaced\ntype CronTabClass struct {",
	},
	{
		Key: "genclient:noStatus", Place: aboveType, Syntax: "+genclient:noStatus",
		Does:    "Leaves out UpdateStatus and ApplyStatus, though the type has a field Status: the resource has no subresource for it.",
		Example: "// +genclient\n// +genclient:noStatus\ntype CronTab struct {",
	},
	{
		Key: "genclient:noVerbs", Place: aboveType, Syntax: "+genclient:noVerbs",
		Does:    "Makes a client without methods, for hand-written ones in <kind>_expansion.go. There is no lister and no informer.",
		Example: "// +genclient\n// +genclient:noVerbs\ntype Eviction struct {",
	},
	{
		Key: "genclient:readonly", Place: aboveType, Syntax: "+genclient:readonly",
		Does:    "Is short for +genclient:onlyVerbs=get,list,watch.",
		Example: "// +genclient\n// +genclient:readonly\ntype Report struct {",
	},
	{
		Key: "genclient:onlyVerbs", Place: aboveType, Syntax: "+genclient:onlyVerbs=<verb>,...",
		Does: "Makes only the methods that are named, of create, update, updateStatus, delete, deleteCollection, get, list, watch, patch,\n" +
			"apply, applyStatus. A lister needs list, an informer list and watch.",
		Example: "// +genclient\n// +genclient:onlyVerbs=create\ntype TokenReview struct {",
	},
	{
		Key: "genclient:skipVerbs", Place: aboveType, Syntax: "+genclient:skipVerbs=<verb>,...",
		Does:    "Leaves out the methods that are named. The verbs are those of +genclient:onlyVerbs.",
		Example: "// +genclient\n// +genclient:skipVerbs=deleteCollection\ntype Service struct {",
	},
	{
		Key: "genclient:method", Place: aboveType,
		Syntax: "+genclient:method=<Name>,verb=<verb>[,subresource=<name>][,input=<type>][,result=<type>]",
		Does: "Adds a method, for a subresource or for another type. The verb is create, update, get, list, patch or apply; input is what create,\n" +
			"update and apply send, result what comes back. Types of other packages are written import/path.Type.",
		Example: "// +genclient\n// +genclient:method=GetScale,verb=get,subresource=scale,result=k8s.io/api/autoscaling/v1.Scale\ntype CronTab struct {",
	},
	{
		Key: "resourceName", Place: aboveType, Syntax: "+resourceName=<plural>",
		Does:    "Names the resource in URLs where it is not the lower-case plural of the type.",
		Example: "// +genclient\n// +resourceName=endpoints\ntype Endpoints struct {",
	},
	{
		Key: "groupName", Place: abovePackage, Syntax: "+groupName=<group>",
		Does:    "Names the API group of the package. +groupName= is the legacy core group.",
		Example: "// +groupName=stable.example.com\npackage v1",
	},
	{
		Key: "groupGoName", Place: abovePackage, Syntax: "+groupGoName=<Name>",
		Does:    "Names the group in Go, where the first label of its name is no identifier, or is that of another group.",
		Example: "// +groupName=my-group.example.com\n// +groupGoName=MyGroup\npackage v1",
	},
	{
		Key: "k8s:client-gen", Place: abovePackage, Syntax: "+k8s:client-gen=false",
		Does:    "Leaves the package out of clients, though its types have +genclient. It then has no informers either.",
		Example: "// +k8s:client-gen=false\npackage v1",
	},
	{
		Key: "k8s:lister-gen", Place: abovePackage, Syntax: "+k8s:lister-gen=false",
		Does:    "Leaves the package out of listers. It then has no informers either.",
		Example: "// +k8s:lister-gen=false\npackage v1",
	},
	{
		Key: "k8s:informer-gen", Place: abovePackage, Syntax: "+k8s:informer-gen=false",
		Does:    "Leaves the package out of informers.",
		Example: "// +k8s:informer-gen=false\npackage v1",
	},
	{
		Key: "k8s:applyconfiguration-gen", Place: abovePackage, Syntax: "+k8s:applyconfiguration-gen=false",
		Does:    "Leaves the package out of apply configurations.",
		Example: "// +k8s:applyconfiguration-gen=false\npackage v1",
	},
	{
		Key: "k8s:deepcopy-gen", Place: aboveType + "; or, with package as its value, " + abovePackage,
		Syntax: "+k8s:deepcopy-gen=true|false|package",
		Does: "Makes DeepCopy and DeepCopyInto for the type, or with package for all types of a package; false leaves one out.\n" +
			"The file is zz_generated.deepcopy.go.",
		Example: "// +k8s:deepcopy-gen=package\npackage v1",
	},
	{
		Key: "k8s:deepcopy-gen:interfaces", Place: aboveType, Syntax: "+k8s:deepcopy-gen:interfaces=<import path>.<Interface>,...",
		Does: "Makes a method DeepCopy<Interface> that returns the interface. API objects and their lists need the one for runtime.Object.\n" +
			"It has an effect on types that have deep copies.",
		Example: "// +genclient\n// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object\ntype CronTab struct {",
	},
	{
		Key: "k8s:deepcopy-gen:nonpointer-interfaces", Place: aboveType, Syntax: "+k8s:deepcopy-gen:nonpointer-interfaces=true",
		Does:    "Gives the methods of +k8s:deepcopy-gen:interfaces the type itself as receiver, not a pointer.",
		Example: "// +k8s:deepcopy-gen:nonpointer-interfaces=true\ntype Options map[string]string",
	},
	{
		Key: "k8s:register-gen", Place: abovePackage, Syntax: "+k8s:register-gen=package",
		Does: "Makes SchemeGroupVersion, Resource and AddToScheme for all types with TypeMeta. A +groupName asks for it, too; a hand-written\n" +
			"register.go forbids it. The file is zz_generated.register.go.",
		Example: "// +k8s:register-gen=package\n// +groupName=stable.example.com\npackage v1",
	},
	{
		Key: "k8s:defaulter-gen", Place: abovePackage + "; or, with true or false, " + aboveType,
		Syntax: "+k8s:defaulter-gen=<field>|true|false",
		Does: "Makes functions that set defaults, for all types with the field, usually TypeMeta, or for one type. They call the hand-written\n" +
			"SetDefaults_<Type>, and set what +default says. The file is zz_generated.defaults.go.",
		Example: "// +k8s:defaulter-gen=TypeMeta\npackage v1",
	},
	{
		Key: "k8s:defaulter-gen-input", Place: abovePackage, Syntax: "+k8s:defaulter-gen-input=<import path>",
		Does:    "Says that the types which defaults are for are in another package.",
		Example: "// +k8s:defaulter-gen=TypeMeta\n// +k8s:defaulter-gen-input=k8s.io/api/apps/v1\npackage v1",
	},
	{
		Key: "default", Place: aboveField, Syntax: "+default=<JSON>|ref(<name>)",
		Does: "Is the value that defaults set if the field is empty: JSON, or a constant. Apply configurations know it, too: what was not\n" +
			"applied has it.",
		Example: "// +default=3\nReplicas *int32 `json:\"replicas,omitempty\"`",
	},
	{
		Key: "k8s:conversion-gen", Place: abovePackage + "; or, with false, above a type or a field", Syntax: "+k8s:conversion-gen=<import path>|false",
		Does: "Makes functions that convert between the types of this package and those of the same names in the other one, with the\n" +
			"hand-written functions Convert_<type>_To_<type> where fields differ. The file is zz_generated.conversion.go.",
		Example: "// +k8s:conversion-gen=example.com/project/apis/stable\npackage v1",
	},
	{
		Key: "k8s:conversion-gen-external-types", Place: abovePackage, Syntax: "+k8s:conversion-gen-external-types=<import path>",
		Does:    "Says that the types which conversions are for are in another package.",
		Example: "// +k8s:conversion-gen=example.com/project/apis/stable\n// +k8s:conversion-gen-external-types=k8s.io/api/apps/v1\npackage v1",
	},
	{
		Key: "k8s:conversion-gen:explicit-from", Place: aboveType, Syntax: "+k8s:conversion-gen:explicit-from=<import path>.<Type>",
		Does:    "Makes a conversion to the type from one of another package, such as url.Values for the options of requests.",
		Example: "// +k8s:conversion-gen:explicit-from=net/url.Values\ntype Options struct {",
	},
	{
		Key: "k8s:conversion-fn", Place: "above a hand-written function Convert_<type>_To_<type>", Syntax: "+k8s:conversion-fn=copy-only|drop",
		Does: "Says how generated conversions use the function: copy-only that it is a copy, where one would share memory; drop that the\n" +
			"field is left out, and the function not called.",
		Example: "// +k8s:conversion-fn=drop\nfunc Convert_v1_Old_To_stable_New(in *Old, out *stable.New, s conversion.Scope) error {",
	},
	{
		Key: "listType", Place: aboveEither, Syntax: "+listType=atomic|set|map",
		Does: "Says how lists that several managers apply are merged: atomic, the default, as a whole; set, each element by its value; map,\n" +
			"each element by the keys that +listMapKey names.",
		Example: "// +listType=set\nFinalizers []string `json:\"finalizers,omitempty\"`",
	},
	{
		Key: "listMapKey", Place: aboveEither, Syntax: "+listMapKey=<JSON name>",
		Does:    "Names a field that tells the elements of a list with +listType=map apart. With several, all of them together do.",
		Example: "// +listType=map\n// +listMapKey=name\nPorts []Port `json:\"ports,omitempty\"`",
	},
	{
		Key: "mapType", Place: aboveEither, Syntax: "+mapType=granular|atomic",
		Does:    "Says how maps that several managers apply are merged: granular, the default, each entry by its key; atomic, as a whole.",
		Example: "// +mapType=atomic\nSelector map[string]string `json:\"selector,omitempty\"`",
	},
	{
		Key: "structType", Place: aboveEither, Syntax: "+structType=granular|atomic",
		Does:    "Says how structs that several managers apply are merged: granular, the default, each field by itself; atomic, as a whole.",
		Example: "// +structType=atomic\nRef *Reference `json:\"ref,omitempty\"`",
	},
	{
		Key: "patchStrategy", Place: aboveEither, Syntax: "+patchStrategy=merge|replace",
		Does:    "Says of a list without +listType that it is merged, by what +patchMergeKey names or else by its values, as strategic merge patches do.",
		Example: "// +patchStrategy=merge\n// +patchMergeKey=name\nPorts []Port `json:\"ports,omitempty\"`",
	},
	{
		Key: "patchMergeKey", Place: aboveEither, Syntax: "+patchMergeKey=<JSON name>",
		Does:    "Names the field that tells the elements of a list with +patchStrategy=merge apart.",
		Example: "// +patchStrategy=merge\n// +patchMergeKey=name\nPorts []Port `json:\"ports,omitempty\"`",
	},
	{
		Key: "union", Place: aboveType, Syntax: "+union",
		Does:    "Says that at most one of the fields of the struct with +optional is set.",
		Example: "// +union\ntype Source struct {",
	},
	{
		Key: "unionDiscriminator", Place: aboveField, Syntax: "+unionDiscriminator",
		Does:    "Says that the field, of a struct with +union, tells which of the others is set.",
		Example: "// +unionDiscriminator\nKind string `json:\"kind\"`",
	},
	{
		Key: "optional", Place: aboveField, Syntax: "+optional",
		Does:    "Says, in a struct with +union, that the field is one of those of which at most one is set. Elsewhere it means nothing here.",
		Example: "// +optional\nGit *GitSource `json:\"git,omitempty\"`",
	},
	{
		Key: "k8s:openapi-gen", Place: aboveEither, Syntax: "+k8s:openapi-gen=x-kubernetes-preserve-unknown-fields:true",
		Does:    "Says that values may have fields that the type does not have. Other values are for openapi-gen.",
		Example: "// +k8s:openapi-gen=x-kubernetes-preserve-unknown-fields:true\nConfig Config `json:\"config,omitempty\"`",
	},
	{
		Key: "kubebuilder:object:root", Place: aboveType, Syntax: "+kubebuilder:object:root=true",
		Does: "Is kubebuilder's +genclient and +k8s:deepcopy-gen:interfaces together: the type is an API object, or a list of them. kubewright\n" +
			"generate makes clients for such objects also without +genclient.",
		Example: "// +kubebuilder:object:root=true\ntype CronTab struct {",
	},
	{
		Key: "kubebuilder:object:generate", Place: aboveType + "; or " + abovePackage, Syntax: "+kubebuilder:object:generate=true|false",
		Does:    "Is kubebuilder's +k8s:deepcopy-gen: deep copies for the type, or for all types of the package.",
		Example: "// +kubebuilder:object:generate=true\npackage v1",
	},
	{
		Key: "kubebuilder:resource", Place: aboveType, Syntax: "+kubebuilder:resource:scope=Cluster|Namespaced[,path=<plural>]",
		Does:    "Says, of a type with +kubebuilder:object:root, which scope the resource has and how URLs name it.",
		Example: "// +kubebuilder:object:root=true\n// +kubebuilder:resource:scope=Cluster,path=crontabs\ntype CronTab struct {",
	},
	{
		Key: "kubebuilder:subresource", Place: aboveType, Syntax: "+kubebuilder:subresource:status|scale:...",
		Does:    "Says, of a type with +kubebuilder:object:root, which subresources there are. Without status, the client has no UpdateStatus.",
		Example: "// +kubebuilder:object:root=true\n// +kubebuilder:subresource:status\ntype CronTab struct {",
	},
	{
		Key: "kubebuilder:default", Place: aboveField, Syntax: "+kubebuilder:default=<JSON>|<text>",
		Does:    "Is the value that an API server sets if the field is missing. Apply configurations know it: what was not applied has it.",
		Example: "// +kubebuilder:default=3\nReplicas *int32 `json:\"replicas,omitempty\"`",
	},
	{
		Key: "kubebuilder:pruning:PreserveUnknownFields", Place: aboveEither, Syntax: "+kubebuilder:pruning:PreserveUnknownFields",
		Does:    "Says that values may have fields that the type does not have.",
		Example: "// +kubebuilder:pruning:PreserveUnknownFields\nConfig Config `json:\"config,omitempty\"`",
	},
	{
		Key: "kubebuilder:validation:XPreserveUnknownFields", Place: aboveEither, Syntax: "+kubebuilder:validation:XPreserveUnknownFields",
		Does:    "Is +kubebuilder:pruning:PreserveUnknownFields by another name.",
		Example: "// +kubebuilder:validation:XPreserveUnknownFields\nConfig Config `json:\"config,omitempty\"`",
	},
}
