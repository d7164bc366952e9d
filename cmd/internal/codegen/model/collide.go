package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// checkCollisions reports names that two parts of the input lead to.
func (b *builder) checkCollisions(api *API) {
	goNames := map[string]*Group{}
	for _, group := range api.Groups {
		key := strings.ToLower(group.GoName) // import aliases and directories do not tell upper from lower case
		if earlier, ok := goNames[key]; ok {
			b.problems.Errorf(group.pos, diag.GroupCollision, "groups %q and %q are both %s in Go, the other at %s", group.Name, earlier.Name, group.GoName, earlier.pos).Fix("write // +groupGoName= with another name above the package clause of one of them")
		} else {
			goNames[key] = group
		}
		if slices.Contains(factoryMethods, group.GoName) {
			b.problems.Errorf(group.pos, diag.GroupCollision, "group %q cannot be %s in Go: informer factories have a method of that name", group.Name, group.GoName).Fix("write // +groupGoName=%sGroup above the package clause", group.GoName)
		}
		versions := map[string]*Version{}
		for _, version := range group.Versions {
			key := strings.ToLower(version.Name)
			if earlier, ok := versions[key]; ok {
				b.problems.Errorf(version.pos, diag.VersionCollision, "packages %s and %s both lead to %s/%s", version.Path, earlier.Path, group.Dir, version.Name).Fix("generate them into outputs of their own")
			}
			versions[key] = version
			b.checkTypeCollisions(version)
		}
	}
}

// factoryMethods are the methods that an informer factory has besides one for each group.
var factoryMethods = []string{
	"ForResource", "InformerFactory", "InformerFor", "InformerName", "Namespace", "Shutdown", "Start", "StartWithContext",
	"TweakListOptions", "WaitForCacheSync", "WaitForCacheSyncWithContext",
}

// checkTypeCollisions reports types of one version that lead to the same file, resource or declaration.
func (b *builder) checkTypeCollisions(version *Version) {
	claims := claims{}
	for _, name := range []string{"New", "NewForConfig", "NewForConfigAndClient", "NewForConfigOrDie", "api", version.GroupVersion + "Client", version.GroupVersion + "Interface"} {
		claims["client declaration "+name] = nil
	}
	claims["client method RESTClient"] = nil
	claims["informer declaration TypedInformer"] = nil // a method of all typed informers
	for _, typ := range version.Types {
		for _, claim := range typ.claims() {
			earlier, taken := claims[claim.what]
			switch {
			case !taken:
				claims[claim.what] = typ
			case earlier == nil:
				b.problems.Errorf(typ.pos, diag.TypeCollision, "type %s leads to %s, which the package has already", typ.Kind, claim.what).Fix("%s", claim.cure)
			case earlier != typ:
				b.problems.Errorf(typ.pos, diag.TypeCollision, "types %s and %s both lead to %s, the other at %s", typ.Kind, earlier.Kind, claim.what, earlier.pos).Fix("%s", claim.cure)
			}
			if taken {
				break // one reason is enough
			}
		}
	}
}

// claims are the names that are taken, by the type that took them; nil is the package itself.
type claims map[string]*Type

// claim is a name that a type needs for itself, and what to do if another has it.
type claim struct {
	what, cure string
}

// claims returns the names that a type needs for itself, the most telling first.
func (t *Type) claims() []claim {
	const rename = "rename one"
	list := []claim{
		{"file " + t.File + ".go", rename},
		{"resource " + t.Resource, "rename one, or write +resourceName= above it"},
		{"client method " + t.Plural, fmt.Sprintf("give one another plural with --plural-exceptions=%s:...", t.Kind)},
	}
	declare := func(output string, names ...string) {
		for _, name := range names {
			list = append(list, claim{output + " declaration " + name, rename})
		}
	}
	declare("client", t.PluralVar, "new"+t.Plural, t.Plural+"Getter", t.Kind+"Interface", t.Kind+"Expansion")
	if t.HasLister() {
		declare("lister", t.Kind+"Lister", t.Kind+"NamespaceLister")
	}
	if t.HasInformer() {
		declare("informer", t.Kind+"Informer", "Typed"+t.Kind+"Informer", "Filtered"+t.Kind+"Informer", "TypedFiltered"+t.Kind+"Informer",
			t.Kind+"IndexInformer", t.Kind+"Indexers", t.Kind+"HandlerFuncs", t.Kind+"DetailedHandlerFuncs", t.Kind+"FilteringHandler", "Deleted"+t.Kind)
	}
	return list
}
