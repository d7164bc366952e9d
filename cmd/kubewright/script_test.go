package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Each archive in testdata is a session: its files, and before them the commands with what they print. A line "$ command"
// is a command, and what follows is its output: standard error is marked with "! ", and an exit code other than 0 stands
// in a last line. To see what a change does to all sessions, run
//
//	go test ./cmd/kubewright -run TestSessions -update
//
// Beside kubewright there are a few commands to look at files and to change them; see builtins.

var update = flag.Bool("update", false, "write what the sessions print to testdata")

// asProgram is set for processes that are kubewright: the test binary is the program, too.
const asProgram = "KUBEWRIGHT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

func TestSessions(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no sessions (%v)", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := string(archive.Comment)
			got := newSession(t, archive).play(want)
			if *update {
				archive.Comment = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("session (-%s +now):\n%s", name, diff)
			}
		})
	}
}

// session runs commands in a directory of its own.
type session struct {
	t   *testing.T
	dir string
	env []string
}

// newSession writes the files of an archive to a new directory, with a go.mod if it has none. $CHECKOUT in files is the
// directory of this module, whose checksums each module of the archive gets.
func newSession(t *testing.T, archive *txtar.Archive) *session {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, dir: filepath.Join(dir, "m")}
	s.env = append(os.Environ(), asProgram+"=1", "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "HOME="+dir, "GOWORK=", "GOPROXY=off", "GOFLAGS=-mod=mod",
		"GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOSUMDB=off")
	if !slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return f.Name == "go.mod" }) {
		s.write("go.mod", []byte("module example.com/m\n\ngo 1.26\n"))
	}
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if filepath.Base(file.Name) == "go.mod" {
			s.write(filepath.Join(filepath.Dir(file.Name), "go.sum"), sums)
		}
		s.write(file.Name, bytes.ReplaceAll(file.Data, []byte("$CHECKOUT"), []byte(checkout)))
	}
	return s
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func (s *session) write(name string, content []byte) {
	s.t.Helper()
	name = filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// play runs the commands of a transcript and returns the transcript that they make. Lines that start with "#" stay.
func (s *session) play(transcript string) string {
	var out strings.Builder
	for line := range strings.Lines(transcript) {
		line = strings.TrimRight(line, "\n")
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			fmt.Fprintf(&out, "%s\n%s", line, strings.ReplaceAll(s.command(command), s.dir, "$DIR"))
		} else if strings.HasPrefix(line, "#") {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

var quoted = regexp.MustCompile(`'[^']*'|\S+`)

// command runs one command, and returns what it prints as a transcript shows it.
func (s *session) command(line string) string {
	words := quoted.FindAllString(line, -1)
	for i := range words {
		words[i] = strings.Trim(words[i], "'")
	}
	dir := s.dir
	if words[0] == "cd" { // "cd dir command..."
		dir, words = filepath.Join(s.dir, words[1]), words[2:]
	}
	env := s.env
	for strings.Contains(words[0], "=") { // "NAME=value command..."
		env, words = append(env[:len(env):len(env)], words[0]), words[1:]
	}
	if builtin, ok := builtins[words[0]]; ok {
		return builtin(s, words[1:])
	}
	program := words[0]
	if program == "kubewright" {
		var err error
		if program, err = os.Executable(); err != nil {
			s.t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(s.t.Context(), program, words[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	out := stdout.String()
	for line := range strings.Lines(stderr.String()) {
		out += strings.TrimRight("! "+line, " \n") + "\n"
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		out += fmt.Sprintf("(exit code %d)\n", code)
	}
	return strings.ReplaceAll(out, "\n\n", "\n.\n") // no line of output looks like a comment or a command
}

// builtins are the commands that are not programs.
var builtins = map[string]func(s *session, args []string) string{
	// files DIR... lists the files below directories.
	"files": func(s *session, args []string) string {
		var out strings.Builder
		for _, dir := range args {
			err := filepath.WalkDir(filepath.Join(s.dir, dir), func(name string, entry fs.DirEntry, err error) error {
				if err == nil && !entry.IsDir() {
					fmt.Fprintln(&out, strings.TrimPrefix(name, s.dir+"/"))
				}
				return nil
			})
			if err != nil {
				s.t.Fatal(err)
			}
		}
		return out.String()
	},
	// show FILE prints a file.
	"show": func(s *session, args []string) string {
		return s.read(args[0])
	},
	// grep TEXT FILE prints the lines of a file with a text.
	"grep": func(s *session, args []string) string {
		var out strings.Builder
		for line := range strings.Lines(s.read(args[1])) {
			if strings.Contains(line, args[0]) {
				out.WriteString(line)
			}
		}
		return out.String()
	},
	// replace FILE OLD NEW changes a file.
	"replace": func(s *session, args []string) string {
		before := s.read(args[0])
		after := strings.ReplaceAll(before, args[1], args[2])
		if before == after {
			s.t.Errorf("no %q in %s", args[1], args[0])
			return ""
		}
		s.write(args[0], []byte(after))
		return ""
	},
	// move FROM TO renames a file.
	"move": func(s *session, args []string) string {
		to := filepath.Join(s.dir, args[1])
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(s.dir, args[0]), to); err != nil {
			s.t.Fatal(err)
		}
		return ""
	},
}

func (s *session) read(name string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		s.t.Error(err)
	}
	return string(content)
}
