package clientcmd

import (
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	v1 "github.com/kubewright/kubewright/pkg/clientcmd/api/v1"
)

// Write returns config as YAML. Entries are in the order of their names, so that equal kubeconfigs are equal bytes.
func Write(config api.Config) ([]byte, error) {
	file := v1.Config{Kind: "Config", APIVersion: "v1"}
	if err := v1.Convert_api_Config_To_v1_Config(&config, &file, nil); err != nil {
		return nil, err
	}
	return yaml.Marshal(&file)
}

// WriteToFile writes config to a file as YAML, and makes the directory of the file if need be.
//
// The file is always whole: readers and crashes see all of what was there before or all of what is there now. It is
// readable and writable by its owner only (0600), whatever its mode was before. If filename is a symbolic link, the file
// that it points to is replaced and the link stays. What is no file, such as /dev/null or a pipe, is written to. Concurrent writers do not disturb each other, but the last one wins:
// see UpdateConfig.
func WriteToFile(config api.Config, filename string) error {
	content, err := Write(config)
	if err != nil {
		return err
	}
	return replaceFile(filename, content)
}

// replaceFile writes a file aside and moves it to its place.
func replaceFile(filename string, content []byte) (err error) {
	target, err := followLinks(filename)
	if err != nil {
		return fmt.Errorf("unable to write kubeconfig %q: %w", filename, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("unable to write kubeconfig %q, which stays as it was: %w", filename, err)
		}
	}()
	if isDevice(target) {
		return os.WriteFile(target, content, 0o600) //nolint:gosec // G703: as below
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o700); err != nil { //nolint:gosec // G703: the user names the kubeconfig
		return err
	}
	temp, err := os.CreateTemp(dir, "."+filepath.Base(target)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()           // for the second time, unless it failed before
			_ = os.Remove(temp.Name()) //nolint:gosec // G703: as above
		}
	}()
	if err := keepOwner(temp, target); err != nil {
		return err
	}
	if _, err := temp.Write(content); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil { // a name must not outlive the content that it was given
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), target); err != nil { //nolint:gosec // G703: as above
		return err
	}
	syncDir(dir)
	return nil
}

// isDevice reports whether something is there that is neither a file nor a directory, and so must not be replaced by a file.
func isDevice(target string) bool {
	info, err := os.Stat(target) //nolint:gosec // G703: as above
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// oneName returns the absolute name of a file without links in it, which is the same for all names that the file has.
func oneName(filename string) (string, error) {
	target, err := followLinks(filename)
	if err != nil {
		return "", fmt.Errorf("unable to find kubeconfig %q: %w", filename, err)
	}
	if target, err = filepath.Abs(target); err != nil {
		return "", fmt.Errorf("unable to find kubeconfig %q: %w", filename, err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(target))
	if err != nil {
		return target, nil //nolint:nilerr // the directory is not there yet
	}
	return filepath.Join(dir, filepath.Base(target)), nil
}

// followLinks returns the file that filename stands for. It need not be there.
func followLinks(filename string) (string, error) {
	const most = 40
	target := filename
	for range most {
		info, err := os.Lstat(target) //nolint:gosec // G703: as above
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			return target, nil //nolint:nilerr // whatever is wrong shows when the file is written
		}
		link, err := os.Readlink(target)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(target), link)
		}
		target = link
	}
	return "", fmt.Errorf("more than %d symbolic links, one after the other", most)
}
