package render

import (
	"fmt"
	"path"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/model"
)

// fakeClientset returns the files of the fake of a clientset.
func fakeClientset(set clientset) []file {
	dir := path.Join(set.Name, "fake")
	return []file{
		{
			path: path.Join(dir, "doc.go"), template: "doc", packageName: "fake",
			doc: fmt.Sprintf("Package fake has a fake of clientset %s for tests: a clientset that keeps objects in memory, notes what is done\nwith it, and answers as reactors of the test say.", set.Name),
		},
		{path: path.Join(dir, "register.go"), template: "fake_scheme", packageName: "fake", reserved: []string{"localSchemeBuilder", "scheme"}, data: set},
		{path: path.Join(dir, "clientset_generated.go"), template: "fake_clientset", packageName: "fake", reserved: []string{"newClientset", "scheme"}, data: set},
	}
}

// FakePackage returns the import path of the fake typed clients of a version.
func (c clientset) FakePackage(version *model.Version) string {
	return path.Join(c.TypedPackage(version), "fake")
}

// fakeVersionClient returns the files of the fake typed clients of one version.
func fakeVersionClient(version *model.Version, settings ClientSettings) []file {
	typed := path.Join(settings.ClientsetName, typedDir(version))
	dir := path.Join(typed, "fake")
	group := fakeGroup{Version: version, TypedPackage: path.Join(settings.OutputPackage, typed)}
	var reserved []string
	for _, typ := range version.Types {
		reserved = append(reserved, "fake"+typ.Plural, "newFake"+typ.Plural)
	}
	files := []file{
		{
			path: path.Join(dir, "doc.go"), template: "doc", packageName: "fake",
			doc: fmt.Sprintf("Package fake has fakes of the clients of API group %s, version %s, for tests.", groupTitle(version.Group), version.Name),
		},
		{path: path.Join(dir, "fake_"+version.ClientFile), template: "fake_group", packageName: "fake", reserved: reserved, data: group},
	}
	for _, typ := range version.Types {
		client := fakeClient{typeClient: newTypeClient(typ, settings), TypedPackage: group.TypedPackage}
		for i := range client.Methods {
			client.Methods[i].Fake = true
		}
		files = append(files, file{
			path: path.Join(dir, "fake_"+typ.File+".go"), template: "fake_type", packageName: "fake",
			reserved: slices.Concat(reserved, variables(typ)), data: client,
		})
	}
	return files
}

// fakeGroup is the data of the template fake_group.
type fakeGroup struct {
	*model.Version
	// TypedPackage is the import path of the real clients.
	TypedPackage string
}

// fakeClient is the data of the template fake_type.
type fakeClient struct {
	typeClient
	TypedPackage string
}

// TypedAlias is the preferred import alias of TypedPackage.
func (c fakeClient) TypedAlias() string { return typedAlias(c.Version) }

// TypedAlias is the preferred import alias of TypedPackage.
func (g fakeGroup) TypedAlias() string { return typedAlias(g.Version) }

func typedAlias(version *model.Version) string { return "typed" + version.Alias }
