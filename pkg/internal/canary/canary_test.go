package canary

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"k8s.io/klog/v2"
)

func TestEveryFormIsFound(t *testing.T) {
	forms := map[string]string{
		"plain": Secret, "hex": fmt.Sprintf("%x", Secret), "HEX": fmt.Sprintf("%X", Secret), "bytes": fmt.Sprintf("%d", []byte(Secret)), "Go bytes": fmt.Sprintf("%#v", []byte(Secret)),
		"quoted": strconv.Quote(Secret), "query": url.QueryEscape(Secret), "path": url.PathEscape(Secret),
	}
	for before := range 7 {
		for after := range 7 {
			text := []byte(strings.Repeat("\xff", before) + Secret + strings.Repeat("\xfe", after))
			for name, encoding := range map[string]*base64.Encoding{
				"standard": base64.StdEncoding, "raw": base64.RawStdEncoding, "URL": base64.URLEncoding, "raw URL": base64.RawURLEncoding,
			} {
				forms[fmt.Sprintf("%s, %d bytes before and %d after", name, before, after)] = encoding.EncodeToString(text)
			}
		}
	}
	for name, form := range forms {
		if got := In("a\nb " + form + " c\nd"); len(got) != 1 || got[0] != "b "+form+" c" {
			t.Errorf("%s: %q shows a secret in %q, want in its line", name, form, got)
		}
	}
}

func TestNoFormIsInOrdinaryText(t *testing.T) {
	for _, form := range Forms() {
		if len(form) < len(Secret) {
			t.Errorf("%q is too short to be the secret", form)
		}
	}
	if got := In("canary\nc\n" + base64.StdEncoding.EncodeToString([]byte("another secret")) + "\n"); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

type tests func()

func (f tests) Run() int { f(); return 0 }

func TestTheRunFailsWhenASecretIsSeen(t *testing.T) {
	for name, test := range map[string]struct {
		say  func()
		code int
	}{
		"nothing":        {func() {}, 0},
		"something else": {func() { klog.Background().Info("x"); slog.Info("x"); log.Print("x"); fmt.Fprintln(os.Stderr, "x") }, 0},
		"message":        {func() { klog.Background().Info(Secret) }, 1},
		"value":          {func() { klog.Background().V(10).Info("x", "v", struct{ T string }{Secret}) }, 1},
		"error":          {func() { klog.Background().Error(errors.New(Secret), "x") }, 1},
		"context":        {func() { klog.FromContext(context.Background()).V(9).Info(Secret) }, 1},
		"old style":      {func() { klog.Infof("x %s", Secret) }, 1},
		"verbose":        {func() { klog.V(10).Infof("x %s", Secret) }, 1},
		"hex":            {func() { klog.Background().Info(fmt.Sprintf("%x", Secret)) }, 1},
		"slog":           {func() { slog.Log(context.Background(), -100, "x", "v", Secret) }, 1},
		"log":            {func() { log.Printf("x %s", Secret) }, 1},
		"standard error": {func() { fmt.Fprintln(os.Stderr, Secret) }, 1},
		"Seen":           {func() { fmt.Fprint(Seen, Secret) }, 1},
		"metric": {func() {
			allMetrics().RequestLatency.Observe(context.Background(), "GET", url.URL{Host: "h", RawQuery: Secret}, 0)
		}, 1},
		"other klog": {klog.ClearLogger, 1},
		"other slog": {func() { slog.SetDefault(slog.New(slog.DiscardHandler)) }, 1},
		"other log":  {func() { log.SetOutput(os.Stderr) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, tests(test.say)); (test.code == 0) != (len(got) == 0) {
				t.Errorf("leaks %q, want exit code %d", got, test.code)
			}
		})
	}
}

// run returns the leaks of m, with standard error out of the way.
func run(t *testing.T, m tests) []string {
	t.Helper()
	stderr := os.Stderr
	defer func() { os.Stderr = stderr }()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	os.Stderr = null
	restore := redirect()
	m.Run()
	leaks := restore()
	if os.Stderr != null {
		t.Error("os.Stderr is not what it was")
	}
	return leaks
}

func TestEveryMetricIsSearched(t *testing.T) {
	for field, value := range reflect.ValueOf(allMetrics()).Fields() {
		if field.Name == "RegisterFn" {
			continue
		}
		if value.IsNil() {
			t.Errorf("%s is not recorded", field.Name)
			continue
		}
		for method, function := range value.Elem().Methods() {
			var args []reflect.Value
			labels := false
			for in := range function.Type().Ins() {
				arg := reflect.Zero(in)
				switch {
				case in.Kind() == reflect.String:
					arg, labels = reflect.ValueOf(Secret), true
				case in == reflect.TypeFor[url.URL]():
					arg, labels = reflect.ValueOf(url.URL{Path: Secret}), true
				case in == reflect.TypeFor[*time.Time]():
					arg = reflect.ValueOf(&time.Time{})
				}
				args = append(args, arg)
			}
			function.Call(args)
			if found := len(Seen.(*searcher).end()) > 0; found != labels {
				t.Errorf("%s.%s: a secret was found: %v, want %v", field.Name, method.Name, found, labels)
			}
		}
	}
}

// fails tells whether check fails its test.
func fails(check func(testing.TB)) bool {
	fake := &failing{}
	check(fake)
	return fake.failed
}

type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper()               {}
func (f *failing) Errorf(string, ...any) { f.failed = true }

type deep struct{ key []byte }

func (*deep) Error() string { return "says nothing" }

func TestErrSearchesTheWholeError(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"none":    {nil, false},
		"clean":   {fmt.Errorf("a: %w", errors.New("b")), false},
		"text":    {errors.New(Secret), true},
		"field":   {&deep{[]byte(Secret)}, true},
		"wrapped": {fmt.Errorf("a: %w", &deep{[]byte(Secret)}), true},
		"joined":  {fmt.Errorf("a: %w", errors.Join(errors.New("b"), &url.Error{Err: &deep{[]byte(Secret)}})), true},
	} {
		if got := fails(func(t testing.TB) {
			if Err(t, test.err) != test.err {
				t.Errorf("another error")
			}
		}); got != test.want {
			t.Errorf("%s: fails: %v, want %v", name, got, test.want)
		}
	}
}

func TestHiddenTriesEveryVerb(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  bool
	}{
		"nothing": {nil, false},
		"clean":   {struct{ A int }{1}, false},
		"text":    {Secret, true},
		"bytes":   {[]byte(Secret), true},
		"field":   {&struct{ key []byte }{[]byte(Secret)}, true},
		"in %#v":  {goStringer{}, true},
	} {
		if got := fails(func(t testing.TB) { Hidden(t, "x", test.value) }); got != test.want {
			t.Errorf("%s: fails: %v, want %v", name, got, test.want)
		}
	}
}

type goStringer struct{}

func (goStringer) GoString() string { return Secret }

// Programs must not link this package: it is about tests, and its dependencies are not theirs.
func TestOnlyTestsImportThis(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		file, _ := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly) // testdata may have errors
		for _, imported := range file.Imports {
			if strings.HasSuffix(imported.Path.Value, `/internal/canary"`) {
				t.Errorf("%s imports %s, which only tests do", path, imported.Path.Value)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}
