// Package install makes an API server accept the sample APIs of this module.
package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubewright/kubewright/apis"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
)

// pollInterval is how often the server is asked whether a definition is served.
const pollInterval = 50 * time.Millisecond

const resource = "customresourcedefinitions"

// definition is the part of a CustomResourceDefinition that is read here. The
// whole type would bring in k8s.io/apiextensions-apiserver.
type definition struct {
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Plural string `json:"plural"`
		} `json:"names"`
		Versions []struct {
			Name   string `json:"name"`
			Served bool   `json:"served"`
		} `json:"versions"`
	} `json:"spec"`
	Status struct {
		Conditions []struct {
			Type    string `json:"type"`
			Status  string `json:"status"`
			Reason  string `json:"reason"`
			Message string `json:"message"`
		} `json:"conditions"`
	} `json:"status"`
}

// CRDs creates the CustomResourceDefinitions of the sample APIs and returns
// when the server serves them all, or with the error of ctx. Definitions that
// are there already are left as they are: they may be somebody's own, with more
// fields than the samples know. It returns the names of those that it created,
// along with an error too, for Remove.
//
// The caller needs the right to create and get customresourcedefinitions and
// to list the new resources.
func CRDs(ctx context.Context, config *rest.Config) (created []string, err error) {
	client, err := clientFor(config)
	if err != nil {
		return nil, err
	}
	crds, err := apis.CRDs()
	if err != nil {
		return nil, err
	}
	for _, crd := range crds {
		err := client.Post().Resource(resource).Body(crd.JSON).Do(ctx).Error()
		if apierrors.IsAlreadyExists(err) {
			continue
		}
		if err != nil {
			return created, fmt.Errorf("create CustomResourceDefinition %s: %w", crd.Name, err)
		}
		created = append(created, crd.Name)
	}
	for _, crd := range crds {
		if err := waitUntilServed(ctx, client, crd.Name); err != nil {
			return created, fmt.Errorf("wait for CustomResourceDefinition %s: %w", crd.Name, err)
		}
	}
	return created, nil
}

// Remove deletes the named CustomResourceDefinitions, and with them all objects
// of their kinds. Those that are not there are passed over.
func Remove(ctx context.Context, config *rest.Config, names ...string) error {
	client, err := clientFor(config)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		err := client.Delete().Resource(resource).Name(name).Do(ctx).Error()
		if err != nil && !apierrors.IsNotFound(err) {
			errs = append(errs, fmt.Errorf("delete CustomResourceDefinition %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func clientFor(config *rest.Config) (rest.Interface, error) {
	return runtime.NewAPI(schema.GroupVersion{Group: "apiextensions.k8s.io", Version: "v1"}, "/apis").RESTClientFor(config)
}

func waitUntilServed(ctx context.Context, client rest.Interface, name string) error {
	return wait.PollUntilContextCancel(ctx, pollInterval, true, func(ctx context.Context) (bool, error) {
		data, err := client.Get().Resource(resource).Name(name).Do(ctx).Raw()
		if err != nil {
			return false, err
		}
		var crd definition
		if err := json.Unmarshal(data, &crd); err != nil {
			return false, err
		}
		if established, err := crd.established(); !established || err != nil {
			return false, err
		}
		return isServed(ctx, client, crd)
	})
}

func (crd definition) established() (bool, error) {
	established := false
	for _, condition := range crd.Status.Conditions {
		switch {
		case condition.Type == "Established":
			established = condition.Status == "True"
		case condition.Type == "NamesAccepted" && condition.Status == "False":
			return false, fmt.Errorf("names not accepted: %s: %s", condition.Reason, condition.Message)
		}
	}
	return established, nil
}

// isServed asks for the resources themselves: their paths come a moment after
// the condition.
func isServed(ctx context.Context, client rest.Interface, crd definition) (bool, error) {
	for _, version := range crd.Spec.Versions {
		if !version.Served {
			continue
		}
		err := client.Get().AbsPath("/apis", crd.Spec.Group, version.Name, crd.Spec.Names.Plural).Param("limit", "1").Do(ctx).Error()
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
