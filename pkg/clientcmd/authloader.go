package clientcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kubewright/kubewright/pkg/auth/info"
)

// AuthLoader gets the credentials of a client, which are kept in a file of package auth/info.
type AuthLoader interface {
	// LoadAuth returns the credentials in the file of that path.
	LoadAuth(path string) (*info.Info, error)
}

// NewDefaultAuthLoader returns an AuthLoader that reads the file and nothing else.
func NewDefaultAuthLoader() AuthLoader { return fileAuthLoader{} }

type fileAuthLoader struct{}

func (fileAuthLoader) LoadAuth(path string) (*info.Info, error) { return info.LoadFromFile(path) }

// PromptingAuthLoader is an AuthLoader that asks for a user name and password if there is no file, and writes it.
type PromptingAuthLoader struct {
	prompter *prompter
}

// NewPromptingAuthLoader returns a PromptingAuthLoader that reads the answers from reader. The questions go to standard error.
func NewPromptingAuthLoader(reader io.Reader) *PromptingAuthLoader {
	return &PromptingAuthLoader{newPrompter(reader)}
}

// LoadAuth implements AuthLoader. A file that it writes can be read by its owner only.
func (a *PromptingAuthLoader) LoadAuth(path string) (*info.Info, error) {
	found, err := info.LoadFromFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	answers, err := a.Prompt()
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(answers) //nolint:gosec // G117: a file of credentials is written here
	if err != nil {
		return nil, err
	}
	if err := replaceFile(path, content); err != nil {
		return nil, fmt.Errorf("unable to store the credentials: %w", err)
	}
	return answers, nil
}

// Prompt asks for a user name and password. The answers are kept: it asks once.
func (a *PromptingAuthLoader) Prompt() (*info.Info, error) {
	if a.prompter == nil {
		return nil, errors.New("there is nobody to ask for a user name and password: no reader was given")
	}
	username, password, err := a.prompter.ask()
	if err != nil {
		return nil, err
	}
	return &info.Info{User: username, Password: password}, nil
}
