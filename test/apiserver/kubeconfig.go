package apiserver

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// kubeconfigHeader marks the files that WriteKubeconfig may replace.
const kubeconfigHeader = "# Written by kubewright's test API server; good while that server runs.\n"

var kubeconfigTemplate = template.Must(template.New("kubeconfig").
	Funcs(template.FuncMap{"base64": base64.StdEncoding.EncodeToString}).
	Parse(kubeconfigHeader + `apiVersion: v1
kind: Config
clusters:
- name: kubewright
  cluster:
    server: {{printf "%q" .Server}}
    certificate-authority-data: {{base64 .CA}}
users:
{{- range .Users}}
- name: {{printf "%q" .Name}}
  user:
  {{- with .Token}}
    token: {{printf "%q" .}}
  {{- end}}
  {{- with .CertPEM}}
    client-certificate-data: {{base64 .}}
  {{- end}}
  {{- with .KeyPEM}}
    client-key-data: {{base64 .}}
  {{- end}}
{{- end}}
contexts:
{{- range .Users}}
- name: {{printf "%q" .Name}}
  context:
    cluster: kubewright
    user: {{printf "%q" .Name}}
{{- end}}
current-context: {{printf "%q" (index .Users 0).Name}}
`))

// Kubeconfig returns a kubeconfig for this server with one context for each user,
// named as the user. The first user's is the current one. Without users it has those
// of the cluster: admin, admin-token and plain.
func (s *Server) Kubeconfig(users ...User) ([]byte, error) {
	if len(users) == 0 {
		users = []User{s.cluster.admin, s.cluster.adminToken, s.cluster.plain}
	}
	var text bytes.Buffer
	err := kubeconfigTemplate.Execute(&text, struct {
		Server string
		CA     []byte
		Users  []User
	}{s.URL(), s.cluster.CA(), users})
	if err != nil {
		return nil, fmt.Errorf("render the kubeconfig: %w", err)
	}
	return text.Bytes(), nil
}

// WriteKubeconfig writes what Kubeconfig returns to a file that only its owner can
// read. It refuses to replace a file that it has not written itself.
func (s *Server) WriteKubeconfig(path string, users ...User) error {
	text, err := s.Kubeconfig(users...)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	if err == nil && !strings.HasPrefix(string(old), kubeconfigHeader) {
		return fmt.Errorf("write kubeconfig: %s exists and is another's: remove it, or name another file", path)
	}
	// A rename gives the new file its mode, whatever the old one had.
	temp, err := os.CreateTemp(filepath.Dir(path), ".kubeconfig-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write kubeconfig %s: %w", path, err)
	}
	return nil
}
