package clientcmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// prompter asks for a user name and password, once.
type prompter struct {
	reader io.Reader
	out    io.Writer // where the questions go

	mu                 sync.Mutex // guards what follows, and reader while a question is open
	username, password string
	answered           bool
}

// newPrompter returns nil if there is nobody to ask.
func newPrompter(reader io.Reader) *prompter {
	if reader == nil {
		return nil
	}
	return &prompter{reader: reader, out: os.Stderr}
}

// authenticate puts the answers into config if user has no credential and the connection is safe to send one.
func (p *prompter) authenticate(config *rest.Config, user *api.AuthInfo) error {
	if p == nil || !rest.IsConfigTransportTLS(*config) || hasCredential(user) {
		return nil
	}
	username, password, err := p.ask()
	if err != nil {
		return err
	}
	config.Username, config.Password = username, password
	return nil
}

func hasCredential(u *api.AuthInfo) bool {
	return u.Token != "" || u.TokenFile != "" || u.Username != "" || u.ClientCertificate != "" || len(u.ClientCertificateData) > 0 ||
		u.Exec != nil || u.AuthProvider != nil
}

// ask returns the answers; those of the first call that got any are kept.
func (p *prompter) ask() (username, password string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answered {
		return p.username, p.password, nil
	}
	if username, err = p.question("Username", readLine); err != nil {
		return "", "", err
	}
	if password, err = p.question("Password", readSecret); err != nil {
		return "", "", err
	}
	p.username, p.password, p.answered = username, password, true
	return username, password, nil
}

func (p *prompter) question(what string, read func(io.Reader) (string, error)) (string, error) {
	_, _ = fmt.Fprintf(p.out, "Please enter %s: ", what)
	answer, err := read(p.reader)
	if err != nil {
		return "", fmt.Errorf("unable to read the %s: %w: set credentials in the kubeconfig", strings.ToLower(what), err)
	}
	return answer, nil
}

// readSecret reads a line, without showing it if reader is a terminal.
func readSecret(reader io.Reader) (string, error) {
	if f, ok := reader.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		secret, err := term.ReadPassword(int(f.Fd()))
		return string(secret), err
	}
	return readLine(reader)
}

// readLine reads a line and nothing behind it.
func readLine(reader io.Reader) (string, error) {
	const most = 4096
	var line []byte
	for one := make([]byte, 1); len(line) < most; {
		n, err := reader.Read(one)
		switch {
		case n > 0 && one[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case n > 0:
			line = append(line, one[0])
		case errors.Is(err, io.EOF) && len(line) > 0:
			return string(line), nil
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		}
	}
	return "", fmt.Errorf("the line is longer than %d bytes", most)
}
