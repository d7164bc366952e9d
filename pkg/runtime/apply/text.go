package apply

// The text of a schema has a line for each package, and below it, behind a tab, one for each of its types:
//
//	io.k8s.api.core.v1
//		LocalObjectReference atomic{name:string=""}
//		PodSpec {containers:[=name]Container nodeSelector:<atomic>string overhead:<>io.k8s.apimachinery.pkg.api.resource.Quantity …}
//
// A type is
//
//	string number bool scalar   a scalar; one of kind "scalar" may be any of them
//	Name  pkg.Name              another type, of this or of another package
//	* ?                         anything, with one owner, or with an owner for each entry of its maps
//	[]type                      a list that has one owner
//	[set]type  [=a,b]type       a list whose elements have owners; they are told apart by their values, or by fields a and b
//	<>type                      a map whose entries have owners
//	{field:type=default …}      a struct; *:type among the fields is the type of fields that it does not name
//	|a b=B c=C                  at the end of a struct: a union of fields b and c, whose discriminator a has values B and C
//
// In front of a struct, and of another type, "atomic" and "separable" say what its own relationship is or shall be here;
// in a map it stands between the brackets.

// The words for scalars, and for types without structure.
const (
	stringWord  = "string"
	numberWord  = "number"
	boolWord    = "bool"
	scalarWord  = "scalar"
	untypedMark = "*"
	deducedMark = "?"
)
