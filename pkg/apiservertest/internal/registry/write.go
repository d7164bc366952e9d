package registry

import (
	"errors"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/defaulting"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// write is a create, an update or a patch on its way through a transaction of the storage.
type write struct {
	*Registry
	req      Request
	strategy strategy
	manager  string
	dryRun   bool
	warnings []string

	created bool
	applied bool        // by server-side apply, which has recorded the managers of fields
	object  kind.Object // the answer, where that is not what is stored
}

func (r *Registry) newWrite(req Request, manager string, dryRun []string) *write {
	if manager == "" {
		manager = req.Manager
	}
	return &write{Registry: r, req: req, strategy: strategyOf(req.Target.Resource), manager: manager, dryRun: len(dryRun) > 0}
}

// commit stores what change makes of the stored object, nil if there is none. It asks change before it locks the storage, and again, in the transaction, if
// the object is another one then. So change may be called twice, and must not write to the storage.
func (w *write) commit(change func(current kind.Object) (kind.Object, error)) (Result, error) {
	k := key(w.req.Target)
	seen, _ := w.config.Store.Get(k)
	next, err := change(seen)
	stored := next
	if err == nil && !w.dryRun {
		stored, err = w.put(k, func(current kind.Object) (kind.Object, error) {
			if current != seen {
				w.warnings, w.created, w.applied, w.object = nil, false, false, nil
				return change(current)
			}
			if w.created {
				return next, w.checkNamespace(w.req.Target, next.GetName()) // it may be terminating by now
			}
			return next, nil
		})
	}
	if err != nil {
		return Result{Warnings: w.warnings}, statusError(err)
	}
	if w.object != nil {
		stored = w.object
	}
	result := Result{Object: stored, Code: http.StatusOK, Warnings: w.warnings}
	if w.created {
		result.Code = http.StatusCreated
	}
	return result, nil
}

// prepareNew makes obj, which is of the storage's version and has its defaults, a new object: it sets what only the server sets, and checks the rest.
func (w *write) prepareNew(obj kind.Object) error {
	t := w.req.Target
	obj.SetUID(apiobject.NewUID())
	obj.SetCreationTimestamp(w.now())
	obj.SetSelfLink("")
	if t.Version.Subresource("status") != nil && !w.strategy.status {
		takeStatus(obj, nil)
	}
	if w.strategy.generation {
		obj.SetGeneration(1)
	}
	if w.strategy.create != nil {
		w.strategy.create(w.Registry, w.req.User, obj)
	}
	if err := w.admit(obj, nil, validateNew(obj, t, w.strategy)); err != nil {
		return err
	}
	if version := obj.GetResourceVersion(); version != "" && version != "0" {
		return plainError("resourceVersion should not be set on objects to be created")
	}
	w.created = true
	return nil
}

// admit checks an object with the rules of its resource. errs is what is wrong already.
func (w *write) admit(obj, old kind.Object, errs field.ErrorList) error {
	t := w.req.Target
	rules := w.rules(t.Resource)
	if rules != nil {
		rules.Default(t, obj) // what was put back or taken away since the first time may have defaults, too
	}
	if len(errs) > 0 {
		return apierrors.NewInvalid(groupKind(t), obj.GetName(), errs)
	}
	if t.Resource.Custom {
		w.warnings = append(w.warnings, finalizerWarnings(obj, old)...)
	}
	if rules != nil {
		warnings, err := rules.Validate(t, obj, old)
		w.warnings = append(w.warnings, warnings...)
		if err != nil {
			return err
		}
	}
	return nil
}

// received completes an object that a client sent, and records what fields the client owns: all that it sent and their defaults, but nothing that the server
// adds afterwards. old is nil for a new object.
func (w *write) received(old, obj kind.Object) (kind.Object, error) {
	defaulting.Default(obj)
	if rules := w.rules(w.req.Target.Resource); rules != nil {
		rules.Default(w.req.Target, obj)
	}
	if w.applied {
		return obj, nil
	}
	return w.track(old, obj)
}

// track records the managers of fields. old is nil for a new object.
func (w *write) track(old, obj kind.Object) (kind.Object, error) {
	if w.config.Fields == nil {
		obj.SetManagedFields(nil)
		return obj, nil
	}
	obj, err := w.config.Fields.Update(w.req.Target, old, obj, w.manager)
	if err != nil {
		return nil, err
	}
	wholeSeconds(obj)
	return obj, nil
}

// wholeSeconds makes the times of managed fields what clients see of them: else a patch, whose result was decoded, differs from what is stored.
func wholeSeconds(obj kind.Object) {
	fields := slices.Clone(obj.GetManagedFields())
	for i := range fields {
		if fields[i].Time != nil {
			fields[i].Time = new(fields[i].Time.Rfc3339Copy())
		}
	}
	obj.SetManagedFields(fields)
}

// statusError makes a StatusError of those of the storage.
func statusError(err error) error {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return err
	}
	return plainError(err.Error())
}
