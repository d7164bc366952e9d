// Package apply is the runtime of generated apply configurations: the schema that says which parts of an object have
// owners of their own, what extracts the part that one manager owns, and what their With methods repeat.
//
//	generated text ──NewSchema──▶ Schema ──Type(name)──▶ typed.ParseableType of one kind ──▶ Extract, NewTypeConverter
//
// A schema is text until somebody asks for a type, and then only that type and what it is made of are read: a program
// that extracts Deployments does not pay for the types of all other groups.
package apply
