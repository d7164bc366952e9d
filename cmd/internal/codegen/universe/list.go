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
	"strconv"
	"strings"
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

// position turns a place in an error of the go command, "file:line:col" or "", into a position.
func (l *Loader) position(pos string) token.Position {
	rest, column := cutNumber(pos)
	file, line := cutNumber(rest)
	if line == 0 {
		file, line, column = rest, column, 0
	}
	if line == 0 {
		return token.Position{}
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(l.Dir, file)
	}
	return token.Position{Filename: l.relative(file), Line: line, Column: column}
}

func cutNumber(s string) (string, int) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.Atoi(s[i+1:]); err == nil {
			return s[:i], n
		}
	}
	return s, 0
}

// relative returns a file name as positions show it: from Dir, if it is below that.
func (l *Loader) relative(file string) string {
	if dir, err := filepath.Abs(l.Dir); err == nil {
		if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return file
}

// shorten makes one line of an error message of the go command, independent of where the directory is.
func (l *Loader) shorten(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if dir, err := filepath.Abs(l.Dir); err == nil {
		message = strings.ReplaceAll(message, dir+string(filepath.Separator), "")
	}
	return message
}
