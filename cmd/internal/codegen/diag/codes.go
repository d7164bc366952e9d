package diag

import (
	"maps"
	"slices"
)

// Code names a kind of problem, such as "unknown-tag". It stays the same when messages get better: tools may select
// problems by it.
type Code string

// The kinds of problems.
const (
	// Finding and reading packages.
	NoPackages  Code = "no-packages"
	CannotLoad  Code = "cannot-load"
	SyntaxError Code = "syntax-error"
	NoClients   Code = "no-clients"

	// Settings and results of a run.
	Settings  Code = "settings"
	OutOfDate Code = "out-of-date"
	Failed    Code = "failed"

	// Tags.
	UnknownTag       Code = "unknown-tag"
	MisplacedTag     Code = "misplaced-tag"
	TextBehindTag    Code = "text-behind-tag"
	DuplicateTag     Code = "duplicate-tag"
	ContradictingTag Code = "contradicting-tag"
	TagValue         Code = "tag-value"
	TagWithoutEffect Code = "tag-without-effect"
	ScopeMarker      Code = "scope-marker"
	UnknownType      Code = "unknown-type"
	FormerTag        Code = "former-tag"
	UnknownVerb      Code = "unknown-verb"
	DuplicateVerb    Code = "duplicate-verb"
	MethodSpec       Code = "method-spec"
	MethodType       Code = "method-type"
	MethodCollision  Code = "method-collision"

	// Groups and versions.
	NoGroup          Code = "no-group"
	GroupName        Code = "group-name"
	GroupGoName      Code = "group-go-name"
	GroupMismatch    Code = "group-mismatch"
	GroupCollision   Code = "group-collision"
	NoVersion        Code = "no-version"
	VersionCollision Code = "version-collision"
	NoScheme         Code = "no-scheme"

	// Informers.
	NoInternalClientset Code = "no-internal-clientset"

	// Types.
	NotAnObject   Code = "not-an-object"
	NoTypeMeta    Code = "no-typemeta"
	NoObjectMeta  Code = "no-objectmeta"
	NoDeepCopy    Code = "no-deepcopy"
	NoList        Code = "no-list"
	BadList       Code = "bad-list"
	TypeCollision Code = "type-collision"

	// Apply configurations.
	FieldType      Code = "field-type"
	FieldCollision Code = "field-collision"

	// Code inside API packages: deep copies, defaults, conversions, registration.
	TypeError       Code = "type-error"
	NotCopyable     Code = "not-copyable"
	DefaultValue    Code = "default-value"
	GeneratorFailed Code = "generator-failed"
)

var descriptions = map[Code]string{
	NoPackages:  "The patterns match no packages.",
	CannotLoad:  "The go command cannot load a package.",
	SyntaxError: "A file is not valid Go.",
	NoClients:   "No type of a package has +genclient.",

	Settings:  "A line of kubewright.yaml makes no sense.",
	OutOfDate: "A generated file is not what the generators make.",
	Failed:    "The run failed for a reason that is not in the input.",

	UnknownTag:       "A comment line looks like a tag of the generators and is none.",
	MisplacedTag:     "A tag stands where it is not read.",
	TextBehindTag:    "Text follows a tag on its line.",
	DuplicateTag:     "A tag is given twice.",
	ContradictingTag: "Two tags contradict each other.",
	TagValue:         "A tag has a value that it cannot have, or has none.",
	TagWithoutEffect: "A tag changes nothing.",
	ScopeMarker:      "The scope of a type differs between kubebuilder's marker and the tags.",
	UnknownType:      "A flag names a type that there is not, or that nothing uses.",
	FormerTag:        "A spelling of long ago, which is not read any more.",
	UnknownVerb:      "A tag names a verb that there is not.",
	DuplicateVerb:    "A tag names a verb twice.",
	MethodSpec:       "A +genclient:method tag is malformed.",
	MethodType:       "The input or result type of a method cannot be found, or cannot do what the verb needs.",
	MethodCollision:  "A method has the name of another method of the client.",

	NoGroup:          "A package does not say which API group it belongs to.",
	GroupName:        "The name of an API group is not a DNS name.",
	GroupGoName:      "The name of an API group cannot be a name in Go.",
	GroupMismatch:    "Versions of one group disagree about its name.",
	GroupCollision:   "Two API groups have the same name in Go.",
	NoVersion:        "The directory of a package is not named for a version.",
	VersionCollision: "Two packages lead to the same output directory.",
	NoScheme:         "A package does not declare what generated code calls.",

	NoInternalClientset: "An internal version gets no informers, as its clientset is not known.",

	NotAnObject:   "A type with +genclient cannot be an API object.",
	NoTypeMeta:    "An API type does not embed TypeMeta.",
	NoObjectMeta:  "An API type does not embed ObjectMeta.",
	NoDeepCopy:    "An API type has no generated DeepCopyObject.",
	NoList:        "An API type has no list type.",
	BadList:       "A list type has no ListMeta or no Items.",
	TypeCollision: "Two types of a version lead to the same name or file.",

	FieldType:      "A field has a type that cannot be applied.",
	FieldCollision: "A field has the name of a method of its apply configuration.",

	TypeError:       "A declaration that code is generated from does not compile.",
	NotCopyable:     "A type that is to be copied has a part that cannot be.",
	DefaultValue:    "A default is not a value of its field.",
	GeneratorFailed: "One of the generators inside API packages gave up.",
}

// Codes returns all kinds of problems, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(descriptions)) }

// Description returns one sentence about the kind of problem.
func (c Code) Description() string { return descriptions[c] }
