// Package fielddiff says in which fields two objects differ, without saying what the fields hold, which may be secret.
package fielddiff
