package transport

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// tokenFileAge is how old a token that was read from a file may become before the file is looked at again. The kubelet
// renews the token of a service account long before it expires.
const tokenFileAge = time.Minute

// maxTokenBytes bounds what is read from a token file. HTTP servers refuse headers far smaller than that.
const maxTokenBytes = 1 << 20

// tokenFileSource provides the Authorization header for the token in a file.
type tokenFileSource struct {
	path string

	mu      sync.Mutex // guards the fields below
	current string     // the header of the last good token
	checked time.Time  // when the file was last looked at
}

// start sets the token to begin with: the file's or, if that cannot be read, bearer.
func (f *tokenFileSource) start(bearer string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.readLocked()
	if err == nil || bearer == "" {
		return err
	}
	if err := validHeaderValue(bearer); err != nil {
		return fmt.Errorf("bearer token: %w", err)
	}
	f.current = "Bearer " + bearer
	return nil
}

// header returns the Authorization header. With an error it still returns the last good one.
func (f *tokenFileSource) header() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.checked) < tokenFileAge {
		return f.current, nil
	}
	err := f.readLocked()
	return f.current, err
}

func (f *tokenFileSource) readLocked() error {
	f.checked = time.Now()
	token, err := readToken(f.path)
	if err != nil {
		return err
	}
	f.current = "Bearer " + token
	return nil
}

func readToken(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("unable to read the bearer token file: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxTokenBytes+1))
	if err != nil {
		return "", fmt.Errorf("unable to read the bearer token file: %w", err)
	}
	token := strings.TrimSpace(string(content))
	switch {
	case len(content) > maxTokenBytes:
		err = fmt.Errorf("it is larger than %d bytes", maxTokenBytes)
	case token == "":
		err = errors.New("it is empty")
	default:
		err = validHeaderValue(token)
	}
	if err != nil {
		return "", fmt.Errorf("bearer token file %q cannot be used: %w", path, err)
	}
	return token, nil
}
