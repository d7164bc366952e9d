package info

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "info")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadFromFile(t *testing.T) {
	got, err := LoadFromFile(write(t, `{"User":"u","password":"`+canary.Secret+`","CAFile":"ca","CertFile":"c","KeyFile":"k","BearerToken":"`+canary.Secret+`","Insecure":true,"Other":1}`))
	yes := true
	want := &Info{User: "u", Password: canary.Secret, CAFile: "ca", CertFile: "c", KeyFile: "k", BearerToken: canary.Secret, Insecure: &yes}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestFilesThatCannotBeLoaded(t *testing.T) {
	if _, err := LoadFromFile("/does/not/exist"); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
	for content, want := range map[string]string{
		"":                                   "is no JSON object",
		canary.Secret:                        "is no JSON object",
		`{"User":["` + canary.Secret + `"]}`: "is no JSON object",
		strings.Repeat(" ", maxFileBytes+1):  "is larger than",
	} {
		if _, err := LoadFromFile(write(t, content)); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) || strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestMergeWithConfig(t *testing.T) {
	yes := true
	info := Info{User: "u", Password: canary.Secret, CAFile: "ca", CertFile: "c", KeyFile: "k", BearerToken: canary.Secret, Insecure: &yes}
	got, err := info.MergeWithConfig(rest.Config{Host: "h", Username: "other"})
	if err != nil || got.Host != "h" || got.Username != "u" || got.Password != canary.Secret || got.CAFile != "ca" || got.CertFile != "c" || got.KeyFile != "k" || got.BearerToken != canary.Secret || !got.Insecure {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = Info{}.MergeWithConfig(rest.Config{Username: "u", TLSClientConfig: rest.TLSClientConfig{Insecure: true}})
	if err != nil || got.Username != "" || !got.Insecure {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestComplete(t *testing.T) {
	for _, complete := range []Info{{User: "u"}, {CertFile: "c"}, {BearerToken: canary.Secret}} {
		if !complete.Complete() {
			t.Errorf("%v is not complete", complete)
		}
	}
	if (Info{CAFile: "ca", KeyFile: "k", Password: canary.Secret}).Complete() {
		t.Error("complete without an identity")
	}
}

func TestPrintingShowsNoSecret(t *testing.T) {
	info := Info{User: "u", Password: canary.Secret, BearerToken: canary.Secret}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "info", info, "pointer", &info)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %x", info, info, info, info, info, info), fmt.Sprintf("%v %+v %#v", &info, &info, &info), log.String()} {
		if strings.Contains(text, canary.Secret) || strings.Contains(text, fmt.Sprintf("%x", canary.Secret)) || !strings.Contains(text, "User:u") {
			t.Error(text)
		}
	}
}
