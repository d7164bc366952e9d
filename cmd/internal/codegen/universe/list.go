package universe

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Name, Dir string
	GoFiles, CgoFiles     []string
	Imports               []string
	ImportMap             map[string]string
	Module                *struct{ Path, Dir string }
	Match                 []string // the patterns that the package was found by
	Error                 *listError
}

type listError struct {
	Pos, Err string
}

const listedFields = "ImportPath,Name,Dir,GoFiles,CgoFiles,Imports,ImportMap,Module,Match,Error"

// list asks the go command for the packages that the patterns name, and for all that they import. This is the only
// process that a load starts.
func (l *Loader) list(ctx context.Context, patterns []string) ([]*listed, error) {
	args := []string{"list", "-e", "-deps", "-json=" + listedFields, "-tags=" + cmp.Or(l.BuildTag, DefaultBuildTag), "--"}
	cmd := exec.CommandContext(ctx, "go", append(args, patterns...)...)
	cmd.Dir = l.Dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("find packages %s: %w\n%s", strings.Join(patterns, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	var packages []*listed
	for decoder := json.NewDecoder(&stdout); ; {
		p := &listed{}
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("find packages %s: %w", strings.Join(patterns, " "), err)
		}
		packages = append(packages, p)
	}
}

// position turns a place in an error of the go command into a position.
func (l *Loader) position(place string) token.Position {
	pos := diag.ParsePosition(place)
	if !pos.IsValid() {
		return pos
	}
	if !filepath.IsAbs(pos.Filename) {
		pos.Filename = filepath.Join(l.Dir, pos.Filename)
	}
	pos.Filename = l.relative(pos.Filename)
	return pos
}

// relative returns a file name as positions show it.
func (l *Loader) relative(file string) string { return diag.Relative(l.Dir, file) }

// shorten makes one line of an error message of the go command, independent of where the directory is.
func (l *Loader) shorten(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if dir, err := filepath.Abs(l.Dir); err == nil {
		message = strings.ReplaceAll(message, dir+string(filepath.Separator), "")
	}
	return message
}
