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
}
