package registry

import (
	"context"
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	listvalidation "k8s.io/apimachinery/pkg/apis/meta/internalversion/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/selector"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// List is a page of a collection.
type List struct {
	Objects []kind.Object
	Meta    metav1.ListMeta
}

// List returns the objects of a collection that the options select, by namespace and name. What resourceVersion and resourceVersionMatch mean is in
// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
func (r *Registry) List(_ context.Context, req Request, o metav1.ListOptions) (*List, error) {
	o.Watch = false
	o, err := prepareListOptions(o)
	if err != nil {
		return nil, err
	}
	selected, err := r.selector(req.Target, o)
	if err != nil {
		return nil, err
	}
	view, err := r.viewOf(req.Target, o)
	if err != nil {
		return nil, err
	}
	list := &List{Meta: metav1.ListMeta{ResourceVersion: formatVersion(view.Revision)}}
	limit := int(o.Limit)
	if o.ResourceVersion == "0" || limit <= 0 {
		limit = view.Len() // "any version" is answered from a cache, which has no pages
	}
	if selected.Empty() {
		objects, remaining := view.Page(limit)
		list.Objects = objects
		if remaining > 0 {
			n := int64(remaining)
			list.Meta.RemainingItemCount = &n
			list.Meta.Continue = nextPage(view.Revision, req.Target, objects)
		}
		return list, nil
	}
	list.Objects = []kind.Object{}
	for obj := range view.All() {
		if len(list.Objects) == limit { // whether what follows is selected is not looked at
			list.Meta.Continue = nextPage(view.Revision, req.Target, list.Objects)
			break
		}
		if !selected.Matches(obj) {
			continue
		}
		list.Objects = append(list.Objects, obj)
	}
	return list, nil
}

func nextPage(revision int64, t kind.Target, page []kind.Object) string {
	last := page[len(page)-1]
	return newToken(revision, t.Namespace, last.GetNamespace(), last.GetName())
}

// viewOf returns what a list is to show, without selectors and limit.
func (r *Registry) viewOf(t kind.Target, o metav1.ListOptions) (storage.View, error) {
	resource := catalog.StorageKey(t.Resource)
	if o.Continue != "" {
		return r.continued(t, o)
	}
	at, err := parseVersion(o.ResourceVersion)
	if err != nil {
		return storage.View{}, apierrors.NewBadRequest("invalid resource version: " + err.Error())
	}
	exact := o.ResourceVersionMatch == metav1.ResourceVersionMatchExact || o.ResourceVersionMatch == "" && o.Limit > 0 && at > 0
	if current := r.config.Store.Revision(); at > current {
		return storage.View{}, tooLarge(at, current)
	}
	if !exact {
		at = 0
	}
	view, err := r.config.Store.View(resource, t.Namespace, at)
	if errors.Is(err, storage.ErrCompacted) {
		err = apierrors.NewResourceExpired("The resourceVersion for the provided list is too old.")
	}
	return view, err
}

// inconsistentContinue is for those who would rather have the rest of a list as it is now than begin again.
const inconsistentContinue = "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
	"the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided " +
	"token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned " +
	"and now may show up in the list."

// continued returns what comes after the page that a token ended.
func (r *Registry) continued(t kind.Target, o metav1.ListOptions) (storage.View, error) {
	if o.ResourceVersion != "" && o.ResourceVersion != "0" {
		return storage.View{}, apierrors.NewBadRequest("specifying resource version is not allowed when using continue")
	}
	at, namespace, name, err := parseToken(o.Continue, t.Namespace)
	if err != nil {
		return storage.View{}, err
	}
	if current := r.config.Store.Revision(); at > current {
		return storage.View{}, tooLarge(at, current)
	}
	view, err := r.config.Store.View(catalog.StorageKey(t.Resource), t.Namespace, max(0, at))
	if errors.Is(err, storage.ErrCompacted) {
		expired := apierrors.NewResourceExpired(inconsistentContinue)
		expired.ErrStatus.ListMeta.Continue = newToken(inconsistent, t.Namespace, namespace, name)
		return storage.View{}, expired
	}
	if err != nil {
		return storage.View{}, err
	}
	return view.After(namespace, name), nil
}

// prepareListOptions sets defaults and refuses what does not go together.
func prepareListOptions(o metav1.ListOptions) (metav1.ListOptions, error) {
	internal := internalversion.ListOptions{
		Watch:                o.Watch,
		ResourceVersion:      o.ResourceVersion,
		ResourceVersionMatch: o.ResourceVersionMatch,
		Continue:             o.Continue,
		SendInitialEvents:    o.SendInitialEvents,
	}
	internalversion.SetListOptionsDefaults(&internal, true)
	o.SendInitialEvents, o.ResourceVersionMatch = internal.SendInitialEvents, internal.ResourceVersionMatch
	return o, invalidOptions("ListOptions", listvalidation.ValidateListOptions(&internal, true))
}

// selector reads the selectors of a request.
func (r *Registry) selector(t kind.Target, o metav1.ListOptions) (selector.Selector, error) {
	var selectable []string
	if rules := r.rules(t.Resource); rules != nil {
		selectable = rules.SelectableFields(t.Version)
	}
	return selector.Parse(t.Resource, o.LabelSelector, o.FieldSelector, selectable...)
}
