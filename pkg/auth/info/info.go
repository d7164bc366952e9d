package info

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/kubewright/kubewright/pkg/internal/redact"
	"github.com/kubewright/kubewright/pkg/rest"
)

// Info holds the credentials of a client. Printing it hides its secrets; marshalling it does not.
type Info struct {
	User        string
	Password    string `datapolicy:"password"`
	CAFile      string
	CertFile    string
	KeyFile     string
	BearerToken string `datapolicy:"token"`
	Insecure    *bool
}

// maxFileBytes is far more than an Info needs.
const maxFileBytes = 1 << 20

// LoadFromFile reads an Info. If there is no such file, os.IsNotExist is true for the error.
func LoadFromFile(path string) (*Info, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxFileBytes {
		return nil, fmt.Errorf("auth info file %q is larger than %d bytes", path, maxFileBytes)
	}
	var info Info
	if err := json.Unmarshal(content, &info); err != nil { // whose text may repeat a part of the file
		return nil, fmt.Errorf("auth info file %q is no JSON object with the fields of an auth info", path)
	}
	return &info, nil
}

// MergeWithConfig returns a copy of c whose user name, password, token, and paths of CA, certificate and key are those of info,
// even if empty. Insecure is replaced if info has it.
func (info Info) MergeWithConfig(c rest.Config) (rest.Config, error) {
	c.Username = info.User
	c.Password = info.Password
	c.CAFile = info.CAFile
	c.CertFile = info.CertFile
	c.KeyFile = info.KeyFile
	c.BearerToken = info.BearerToken
	if info.Insecure != nil {
		c.Insecure = *info.Insecure
	}
	return c, nil
}

// Complete reports whether info has a user name, a certificate or a token.
func (info Info) Complete() bool {
	return info.User != "" || info.CertFile != "" || info.BearerToken != ""
}

// Format implements fmt.Formatter: every verb prints info with its secrets redacted.
func (info Info) Format(s fmt.State, _ rune) {
	insecure := info.Insecure != nil && *info.Insecure
	fmt.Fprintf(s, "{User:%s Password:%s CAFile:%s CertFile:%s KeyFile:%s BearerToken:%s Insecure:%t}",
		info.User, redact.String(info.Password), info.CAFile, info.CertFile, info.KeyFile, redact.String(info.BearerToken), insecure)
}

// LogValue implements slog.LogValuer; see Format.
func (info Info) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(info)) }
