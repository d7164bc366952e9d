package clientcmd

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// maxUntrusted is the size of an untrusted kubeconfig, and of each file that it names, in bytes. Real ones have some kB.
const maxUntrusted = 1 << 20

// LoadUntrusted reads a kubeconfig that somebody else has made: one that was uploaded, mailed, or found in a repository. A
// kubeconfig is a program: it can run commands (exec), read any file of this process and send it to a server (tokenFile and
// others), and make others listen (proxy-url, insecure-skip-tls-verify). LoadUntrusted returns one that cannot, or an error
// that tells all of these that it has, with the entry and field. It refuses, in any entry:
//
//   - exec and auth-provider
//   - proxy-url and insecure-skip-tls-verify
//   - servers that are not https
//   - files that are not below dir, links followed, or are no regular files; with dir "" all files
//   - data, and files, of more than 1 MiB, and YAML aliases that expand to more than 16 MiB
//
// Files below dir are read at once and put into the result as data (a tokenFile as token), so that nothing that happens to
// them later counts. The result names no files.
//
// What remains is where the server is and which certificate authority it is trusted by: whoever made the kubeconfig may be
// at the other end. Requests that must not get there, such as to addresses inside of a company, are for a firewall or for
// rest.Config.Dial to stop.
//
// IsConfigurationInvalid recognizes the error if the kubeconfig is one, and asks for something that is refused.
func LoadUntrusted(data []byte, dir string) (*api.Config, error) {
	if len(data) > maxUntrusted {
		return nil, fmt.Errorf("untrusted kubeconfig has %d bytes, more than %d", len(data), maxUntrusted)
	}
	config, err := Load(data)
	if err != nil {
		return nil, fmt.Errorf("untrusted kubeconfig cannot be used: %w", err)
	}
	files := untrustedFiles{dir: dir}
	if dir != "" {
		if files.root, err = os.OpenRoot(dir); err != nil {
			return nil, fmt.Errorf("unable to open the directory of an untrusted kubeconfig: %w", err)
		}
		defer func() { _ = files.root.Close() }()
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(config.Clusters)) {
		errs = append(errs, prefixed("cluster", name, files.cluster(config.Clusters[name]))...)
	}
	for _, name := range slices.Sorted(maps.Keys(config.AuthInfos)) {
		errs = append(errs, prefixed("user", name, files.user(config.AuthInfos[name]))...)
	}
	if len(errs) > 0 {
		return nil, &invalidConfigError{source: "untrusted kubeconfig", errs: errs}
	}
	return config, nil
}

// untrustedFiles are the files that an untrusted kubeconfig may name.
type untrustedFiles struct {
	dir  string
	root *os.Root // nil: none
}

// cluster returns what is refused in c, and puts files into it.
func (f *untrustedFiles) cluster(c *api.Cluster) (errs []error) {
	if u, err := url.Parse(c.Server); c.Server != "" && (err != nil || !strings.EqualFold(u.Scheme, "https")) {
		errs = append(errs, errors.New("server is no https URL, which an untrusted kubeconfig has to have"))
	}
	if c.ProxyURL != "" {
		errs = append(errs, errors.New("proxy-url is refused in an untrusted kubeconfig: remove it"))
	}
	if c.InsecureSkipTLSVerify {
		errs = append(errs, errors.New("insecure-skip-tls-verify is refused in an untrusted kubeconfig: remove it, and set certificate-authority-data"))
	}
	return append(errs, f.embed("certificate-authority", &c.CertificateAuthority, &c.CertificateAuthorityData)...)
}

// user returns what is refused in u, and puts files into it.
func (f *untrustedFiles) user(u *api.AuthInfo) (errs []error) {
	if u.Exec != nil {
		errs = append(errs, errors.New("exec is refused in an untrusted kubeconfig: it would run a command; use a token or a client certificate"))
	}
	if u.AuthProvider != nil {
		errs = append(errs, errors.New("auth-provider is refused in an untrusted kubeconfig: use a token or a client certificate"))
	}
	errs = append(errs, f.embed("client-certificate", &u.ClientCertificate, &u.ClientCertificateData)...)
	errs = append(errs, f.embed("client-key", &u.ClientKey, &u.ClientKeyData)...)
	var token []byte
	errs = append(errs, f.embed("tokenFile", &u.TokenFile, &token)...)
	override(&u.Token, strings.TrimSpace(string(token)))
	return errs
}

// embed reads the file *path into *data and empties *path.
func (f *untrustedFiles) embed(field string, path *string, data *[]byte) []error {
	if *path == "" {
		return nil
	}
	if len(*data) > 0 {
		return []error{fmt.Errorf("%s and %s-data are both set: remove one of them", field, field)}
	}
	content, err := f.read(*path)
	if err != nil {
		return []error{fmt.Errorf("%s: %w", field, err)}
	}
	*data, *path = content, ""
	return nil
}

func (f *untrustedFiles) read(path string) ([]byte, error) {
	if f.root == nil {
		return nil, errors.New("files are refused in an untrusted kubeconfig: embed the content, or name a directory that it may read from")
	}
	if filepath.IsAbs(path) {
		base, err := filepath.Abs(f.dir)
		if err != nil {
			return nil, err
		}
		if path, err = filepath.Rel(base, path); err != nil {
			return nil, err
		}
	}
	if !filepath.IsLocal(path) {
		return nil, fmt.Errorf("the file is not below the directory %q, which an untrusted kubeconfig may read from", f.dir)
	}
	info, err := f.root.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	file, err := f.root.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxUntrusted+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxUntrusted {
		return nil, fmt.Errorf("the file has more than %d bytes", maxUntrusted)
	}
	return content, nil
}
