package clientcmd

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// UpdateConfig changes the kubeconfig that configAccess finds: it is locked and read, change is called with it, and what
// change made different is written, each entry to the file that it came from (LocationOfOrigin). New entries go to
// configAccess.GetDefaultFilename. The current context goes to the first file that has one, so that the change has an
// effect, and is removed from all files when it is set to "". Entries that are not different are not touched; nor are files
// without any.
//
// With relativizePaths, the paths of changed entries are written relative to the directory of their file if they are below
// it. Otherwise they are absolute.
//
// Concurrent calls, in this process or others, see each other's changes. The lock is waited for, at most 10 seconds. Each
// file is replaced as WriteToFile does; a change of entries in several files may stop between them.
func UpdateConfig(configAccess ConfigAccess, relativizePaths bool, change func(*api.Config) error) error {
	if UseModifyConfigLock {
		if filename := configAccess.GetDefaultFilename(); filename != "" {
			_ = os.MkdirAll(filepath.Dir(filename), 0o700) // for the lock; if it fails, so will the writing
		}
		unlock, err := lockFiles(filesOf(configAccess), lockWait)
		if err != nil {
			return err
		}
		defer unlock()
	}
	before, err := configAccess.GetStartingConfig()
	if err != nil {
		return err
	}
	after := before.DeepCopy()
	if err := change(after); err != nil {
		return err
	}
	u := &update{access: configAccess, relativizePaths: relativizePaths, files: map[string]*editedFile{}}
	if err := u.apply(before, after); err != nil {
		return err
	}
	for _, filename := range slices.Sorted(maps.Keys(u.files)) {
		file := u.files[filename]
		if !file.changed {
			continue
		}
		if err := WriteToFile(*file.config, filename); err != nil {
			return err
		}
	}
	return nil
}

// filesOf returns all files that a kubeconfig is made of, the most important first.
func filesOf(access ConfigAccess) []string {
	files := access.GetLoadingPrecedence()
	if access.IsExplicitFile() {
		files = []string{access.GetExplicitFile()}
	}
	files = append(slices.Clone(files), access.GetDefaultFilename())
	return slices.DeleteFunc(files, func(file string) bool { return file == "" })
}

// update is a change of several files on its way.
type update struct {
	access          ConfigAccess
	relativizePaths bool
	files           map[string]*editedFile // by the one name of each file, read when first asked for
}

// editedFile is a file with its paths as they are written.
type editedFile struct {
	config  *api.Config
	changed bool
}

func (u *update) apply(before, after *api.Config) error {
	return errors.Join(
		updateEntries(u, before.Clusters, after.Clusters, kind[api.Cluster]{
			deepCopy:   (*api.Cluster).DeepCopy,
			origin:     func(c *api.Cluster) *string { return &c.LocationOfOrigin },
			relativize: RelativizeClusterLocalPaths,
			in:         func(c *api.Config) map[string]*api.Cluster { return c.Clusters },
		}),
		updateEntries(u, before.AuthInfos, after.AuthInfos, kind[api.AuthInfo]{
			deepCopy:   (*api.AuthInfo).DeepCopy,
			origin:     func(a *api.AuthInfo) *string { return &a.LocationOfOrigin },
			relativize: RelativizeAuthInfoLocalPaths,
			in:         func(c *api.Config) map[string]*api.AuthInfo { return c.AuthInfos },
		}),
		updateEntries(u, before.Contexts, after.Contexts, kind[api.Context]{
			deepCopy:   (*api.Context).DeepCopy,
			origin:     func(c *api.Context) *string { return &c.LocationOfOrigin },
			relativize: func(*api.Context) error { return nil },
			in:         func(c *api.Config) map[string]*api.Context { return c.Contexts },
		}),
		u.currentContext(before.CurrentContext, after.CurrentContext),
		u.extensions(before.Extensions, after.Extensions, func(c *api.Config) map[string]runtime.Object { return c.Extensions }),
		u.extensions(before.Preferences.Extensions, after.Preferences.Extensions, func(c *api.Config) map[string]runtime.Object { return c.Preferences.Extensions }),
		u.colors(before.Preferences.Colors, after.Preferences.Colors))
}

// kind is what clusters, users and contexts have in common.
type kind[E any] struct {
	deepCopy   func(*E) *E
	origin     func(*E) *string
	relativize func(*E) error
	in         func(*api.Config) map[string]*E
}

// updateEntries puts entries that are different or new into their files and removes those that are gone.
func updateEntries[E any](u *update, before, after map[string]*E, k kind[E]) error {
	for name, entry := range after {
		old, known := before[name]
		if entry == nil || known && reflect.DeepEqual(old, entry) {
			continue
		}
		changed := k.deepCopy(entry)
		origin := k.origin(changed)
		if *origin == "" {
			*origin = u.access.GetDefaultFilename()
		}
		file, err := u.file(*origin)
		if err != nil {
			return err
		}
		if u.relativizePaths {
			if err := k.relativize(changed); err != nil {
				return err
			}
		}
		k.in(file.config)[name] = changed
		file.changed = true
	}
	for name, entry := range before {
		if _, there := after[name]; there || entry == nil {
			continue
		}
		filename := *k.origin(entry)
		if filename == "" {
			filename = u.access.GetDefaultFilename()
		}
		file, err := u.file(filename)
		if err != nil {
			return err
		}
		delete(k.in(file.config), name)
		file.changed = true
	}
	return nil
}

func (u *update) currentContext(before, after string) error {
	if before == after {
		return nil
	}
	return u.where(func(c *api.Config) bool { return c.CurrentContext != "" }, after == "", func(c *api.Config) { c.CurrentContext = after })
}

func (u *update) colors(before, after bool) error {
	if before == after {
		return nil
	}
	return u.where(func(c *api.Config) bool { return c.Preferences.Colors }, !after, func(c *api.Config) { c.Preferences.Colors = after })
}

// extensions changes extensions of the file as a whole, which do not know where they come from.
func (u *update) extensions(before, after map[string]runtime.Object, in func(*api.Config) map[string]runtime.Object) error {
	names := map[string]runtime.Object{}
	maps.Copy(names, before)
	maps.Copy(names, after)
	for name := range names {
		old, was := before[name]
		object, is := after[name]
		if was == is && reflect.DeepEqual(old, object) {
			continue
		}
		has := func(c *api.Config) bool { _, there := in(c)[name]; return there }
		err := u.where(has, !is, func(c *api.Config) {
			if !is {
				delete(in(c), name)
				return
			}
			in(c)[name] = object
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// where changes the first file that has something, or all files that have it, or the default file if none has.
func (u *update) where(has func(*api.Config) bool, all bool, change func(*api.Config)) error {
	found := false
	for _, filename := range filesOf(u.access) {
		file, err := u.file(filename)
		if err != nil {
			return err
		}
		if has(file.config) {
			found = true
			change(file.config)
			file.changed = true
			if !all {
				return nil
			}
		}
	}
	if found || all {
		return nil
	}
	filename := u.access.GetDefaultFilename()
	file, err := u.file(filename)
	if err != nil {
		return err
	}
	change(file.config)
	file.changed = true
	return nil
}

// file returns a file; one that is not there is empty.
func (u *update) file(filename string) (*editedFile, error) {
	if filename == "" {
		return nil, errors.New("there is no kubeconfig file to write to: set ExplicitPath, or name a file in Precedence")
	}
	target, err := oneName(filename)
	if err != nil {
		return nil, err
	}
	if file, known := u.files[target]; known {
		return file, nil
	}
	config, err := LoadFromFile(filename)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		config = api.NewConfig()
	case err != nil:
		return nil, err
	}
	u.files[target] = &editedFile{config: config}
	return u.files[target], nil
}
