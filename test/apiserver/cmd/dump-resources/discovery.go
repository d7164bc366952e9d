package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// group is an API group as discovery has it; the versions are in its order of preference.
type group struct {
	name     string
	versions []version
}

type version struct {
	name      string
	resources []resource
}

// resource is an item of a discovery document: a resource, or a subresource, whose name
// is "resource/subresource".
type resource struct {
	Name       string   `json:"name"`
	Singular   string   `json:"singularName"`
	Namespaced bool     `json:"namespaced"`
	Group      string   `json:"group"`   // of the kind; empty: that of the document
	Version    string   `json:"version"` // of the kind; empty: that of the document
	Kind       string   `json:"kind"`
	Verbs      []string `json:"verbs"`
	ShortNames []string `json:"shortNames"`
	Categories []string `json:"categories"`
	Hash       string   `json:"storageVersionHash"` // empty for what is not stored
}

// fetch reads the discovery documents of a server, which have the groups in order.
func fetch(ctx context.Context, client *http.Client, url string) ([]group, error) {
	var list struct {
		Groups []struct {
			Name     string
			Versions []struct{ GroupVersion, Version string }
		}
	}
	if err := get(ctx, client, url+"/apis", &list); err != nil {
		return nil, err
	}
	core, err := fetchVersion(ctx, client, url+"/api/v1", "v1")
	if err != nil {
		return nil, err
	}
	groups := []group{{versions: []version{core}}}
	for _, g := range list.Groups {
		next := group{name: g.Name}
		for _, v := range g.Versions {
			resources, err := fetchVersion(ctx, client, url+"/apis/"+v.GroupVersion, v.Version)
			if err != nil {
				return nil, err
			}
			next.versions = append(next.versions, resources)
		}
		groups = append(groups, next)
	}
	return groups, nil
}

func fetchVersion(ctx context.Context, client *http.Client, url, name string) (version, error) {
	var list struct{ Resources []resource }
	err := get(ctx, client, url, &list)
	return version{name: name, resources: list.Resources}, err
}

func get(ctx context.Context, client *http.Client, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", url, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("GET %s: %w", url, err)
	}
	return nil
}
