package clientcmd

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestPromptingAuthLoaderWritesTheAnswers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth")
	if _, err := NewDefaultAuthLoader().LoadAuth(path); !errors.Is(canary.Err(t, err), fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	loader := NewPromptingAuthLoader(strings.NewReader("bob\n" + canary.Secret + "\n"))
	loader.prompter.out = io.Discard
	if got, err := loader.LoadAuth(path); err != nil || got.User != "bob" || got.Password != canary.Secret {
		t.Errorf("%v, %v", got, err)
	}
	if mode(t, path) != 0o600 {
		t.Error("the file can be read by others")
	}
	if got, err := NewDefaultAuthLoader().LoadAuth(path); err != nil || got.User != "bob" || got.Password != canary.Secret {
		t.Errorf("%v, %v", got, err)
	}
}

func TestPromptingAuthLoaderWithNobodyToAsk(t *testing.T) {
	if _, err := NewPromptingAuthLoader(nil).LoadAuth(filepath.Join(t.TempDir(), "auth")); err == nil || !strings.Contains(canary.Err(t, err).Error(), "nobody to ask") {
		t.Errorf("error %v", err)
	}
}
