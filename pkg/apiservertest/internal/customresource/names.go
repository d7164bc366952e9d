package customresource

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/sets"
)

// taken are the names that other definitions of a group have been given.
type taken struct {
	resources sets.Set[string] // plural, singular and short names are one space
	kinds     sets.Set[string] // so are kinds and kinds of lists
}

func newTaken(others []*CustomResourceDefinition) taken {
	t := taken{sets.New[string](), sets.New[string]()}
	for _, d := range others {
		n := d.Status.AcceptedNames
		t.resources.Insert(n.Plural, n.Singular)
		t.resources.Insert(n.ShortNames...)
		t.kinds.Insert(n.Kind, n.ListKind)
	}
	t.resources.Delete("")
	t.kinds.Delete("")
	return t
}

// acceptNames gives a definition those of its names that nobody else has, and says in its conditions whether these are all. Names that it was given before
// and that it has not changed it keeps. Once established, a definition remains so.
func acceptNames(d *CustomResourceDefinition, t taken, now metav1.Time) {
	wanted, accepted := d.Spec.Names, &d.Status.AcceptedNames
	status, reason, message := "True", "NoConflicts", "no conflicts found"
	free := func(space sets.Set[string], conflict string, names ...string) bool {
		var errs []error
		for _, name := range names {
			if space.Has(name) {
				errs = append(errs, fmt.Errorf("%q is already in use", name))
			}
		}
		if len(errs) == 0 {
			return true
		}
		status, reason, message = "False", conflict, utilerrors.NewAggregate(errs).Error()
		return false
	}
	if free(t.resources, "PluralConflict", wanted.Plural) {
		accepted.Plural = wanted.Plural
	}
	if free(t.resources, "SingularConflict", wanted.Singular) {
		accepted.Singular = wanted.Singular
	}
	if free(t.resources, "ShortNamesConflict", wanted.ShortNames...) {
		accepted.ShortNames = wanted.ShortNames
	}
	if free(t.kinds, "KindConflict", wanted.Kind) {
		accepted.Kind = wanted.Kind
	}
	if free(t.kinds, "ListKindConflict", wanted.ListKind) {
		accepted.ListKind = wanted.ListKind
	}
	accepted.Categories = wanted.Categories

	d.setCondition(now, namesAccepted, status, reason, message)
	switch {
	case d.is(established):
	case status == "True":
		d.setCondition(now, established, "True", "InitialNamesAccepted", "the initial names have been accepted")
	default:
		d.setCondition(now, established, "False", "NotAccepted", "not all names are accepted")
	}
}

// reviewApproval says in the conditions of a definition in a group of Kubernetes itself who approved it.
func reviewApproval(d *CustomResourceDefinition, now metav1.Time) {
	const conformant = "KubernetesAPIApprovalPolicyConformant"
	if !protected(d.Spec.Group) {
		return
	}
	switch text, present, approved, unapproved := approvedBy(d.Annotations); {
	case !present:
		d.setCondition(now, conformant, "False", "MissingAnnotation", fmt.Sprintf("protected groups must have approval annotation %q, see https://github.com/kubernetes/enhancements/pull/1111", approval))
	case approved:
		d.setCondition(now, conformant, "True", "ApprovedAnnotation", "approved in "+text)
	case unapproved:
		d.setCondition(now, conformant, "False", "UnapprovedAnnotation", fmt.Sprintf("not approved: %q", text))
	default:
		d.setCondition(now, conformant, "False", "InvalidAnnotation", fmt.Sprintf("protected groups must have approval annotation %q with either a URL or a reason starting with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111", approval))
	}
}
