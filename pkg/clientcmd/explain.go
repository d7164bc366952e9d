package clientcmd

import (
	"encoding/base64"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/json"
)

// explain says what a kubeconfig has in the wrong place, without the Go types and without the value, which may be secret.
func explain(err error, jsonData []byte) error {
	if _, ok := errors.AsType[base64.CorruptInputError](err); ok {
		if err := explainData(jsonData); err != nil {
			return err
		}
		return errors.New("a field for data is not valid base64")
	}
	mismatch, ok := errors.AsType[*stdjson.UnmarshalTypeError](err)
	if !ok {
		return err
	}
	got, _, _ := strings.Cut(mismatch.Value, " ")
	if mismatch.Field == "" {
		return fmt.Errorf("it is not a kubeconfig: want a mapping with clusters, users and contexts, got a value of type %s", got)
	}
	want := "mapping"
	switch mismatch.Type.Kind().String() {
	case "slice":
		want = "list"
		if mismatch.Type.Elem().Kind().String() == "uint8" {
			want = "string of base64"
		}
	case "string", "bool":
		want = mismatch.Type.Kind().String()
	}
	return fmt.Errorf("field %q has a value of type %s, want a %s", mismatch.Field, got, want)
}

// explainData finds the data that is not base64: the JSON decoder does not say where it was.
func explainData(jsonData []byte) error {
	var file struct {
		Clusters []struct {
			Name    string         `json:"name"`
			Cluster map[string]any `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			Name string         `json:"name"`
			User map[string]any `json:"user"`
		} `json:"users"`
	}
	if err := json.UnmarshalCaseSensitivePreserveInts(jsonData, &file); err != nil {
		return err
	}
	var errs []error
	check := func(what, name string, entry map[string]any, fields ...string) {
		for _, field := range fields {
			text, _ := entry[field].(string)
			if _, err := base64.StdEncoding.DecodeString(text); err != nil {
				errs = append(errs, fmt.Errorf("%s %q: %s is not valid base64: %w", what, name, field, err))
			}
		}
	}
	for _, c := range file.Clusters {
		check("cluster", c.Name, c.Cluster, "certificate-authority-data")
	}
	for _, u := range file.Users {
		check("user", u.Name, u.User, "client-certificate-data", "client-key-data")
	}
	return joinErrors(errs)
}
