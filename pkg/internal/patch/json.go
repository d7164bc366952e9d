package patch

import (
	"errors"
	"fmt"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	kjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

const (
	// maxOperations is how many operations a JSON patch may have.
	maxOperations = 10_000
	// maxCopied is by how many bytes all copy operations of a JSON patch may make an object grow. Each may double it.
	maxCopied = 3 << 20
)

// jsonPatchOp is an operation of a JSON patch (RFC 6902), for the check of its fields only.
type jsonPatchOp struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	From  string `json:"from"`
	Value any    `json:"value"`
}

func jsonPatch(current apiobject.Object, r Request) (apiobject.Object, []string, error) {
	complaints, err := r.checkOperations()
	if err != nil {
		return nil, nil, err
	}
	operations, err := jsonpatch.DecodePatch(r.Body)
	if err != nil {
		return nil, nil, apierrors.NewBadRequest(err.Error())
	}
	if len(operations) > maxOperations {
		return nil, nil, apierrors.NewRequestEntityTooLargeError(
			fmt.Sprintf("The allowed maximum operations in a JSON patch is %d, got %d", maxOperations, len(operations)))
	}
	document, err := encode(r.Kind, current)
	if err != nil {
		return nil, nil, err
	}
	patched, err := operate(document, operations)
	if err != nil {
		return nil, nil, rejected()
	}
	return r.decode(current, patched, complaints)
}

// checkOperations complains about fields that operations do not have, and about those that are there twice.
func (r Request) checkOperations() (complaints []error, err error) {
	if r.ignore() {
		return nil, nil
	}
	strict, err := kjson.UnmarshalStrict(r.Body, &[]jsonPatchOp{})
	if err != nil {
		// The server names a type of its own.
		text := strings.ReplaceAll(err.Error(), "patch.jsonPatchOp", "handlers.jsonPatchOp")
		return nil, apierrors.NewBadRequest("error decoding patch: " + text)
	}
	for _, complaint := range strict {
		complaints = append(complaints, fmt.Errorf("json patch %w", complaint))
	}
	return complaints, nil
}

// operate applies the operations in their order. It looks at the size after each copy.
func operate(document []byte, operations jsonpatch.Patch) ([]byte, error) {
	copied := 0
	for len(operations) > 0 {
		n := 1 // operations up to and with the next copy
		for n < len(operations) && operations[n-1].Kind() != "copy" {
			n++
		}
		patched, err := applyTo(document, operations[:n])
		if err != nil {
			return nil, err
		}
		if operations[n-1].Kind() == "copy" {
			copied += max(len(patched)-len(document), 0)
		}
		if copied > maxCopied {
			return nil, errors.New("copy operations make the object too large")
		}
		document, operations = patched, operations[n:]
	}
	return document, nil
}

// applyTo applies operations. The library panics on some that lack their value, which a server must not (the real one breaks the
// connection then): they are refused as others that cannot be applied.
func applyTo(document []byte, operations jsonpatch.Patch) (patched []byte, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("applying the operations: %v", failure)
		}
	}()
	return operations.Apply(document)
}

// mergePatch applies a patch of RFC 7386.
func mergePatch(current apiobject.Object, r Request) (apiobject.Object, []string, error) {
	var complaints []error
	if !r.ignore() {
		var err error
		if complaints, err = kjson.UnmarshalStrict(r.Body, &map[string]any{}); err != nil {
			return nil, nil, apierrors.NewBadRequest("error decoding patch: " + err.Error())
		}
	}
	document, err := encode(r.Kind, current)
	if err != nil {
		return nil, nil, err
	}
	patched, err := jsonpatch.MergePatch(document, r.Body)
	if err != nil {
		return nil, nil, apierrors.NewBadRequest(err.Error())
	}
	return r.decode(current, patched, complaints)
}
