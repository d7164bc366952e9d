package exec

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// The environment variables of a test binary that plays the plugin.
const (
	modeVariable = "KUBEWRIGHT_TEST_PLUGIN"
	runsVariable = "KUBEWRIGHT_TEST_PLUGIN_RUNS" // a directory that gets a file per run
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(modeVariable); mode != "" {
		os.Exit(play(mode))
	}
	recordMetrics()
	canary.Main(m)
}

// play is the plugin.
func play(mode string) int {
	if dir := os.Getenv(runsVariable); dir != "" {
		f, err := os.CreateTemp(dir, "run")
		if err != nil {
			panic(err)
		}
		fmt.Fprint(f, os.Getenv(infoVariable))
		f.Close()
	}
	status := map[string]any{}
	version := v1Version
	if strings.Contains(os.Getenv(infoVariable), v1beta1Version) {
		version = v1beta1Version
	}
	kind := "ExecCredential"
	mode, argument, _ := strings.Cut(mode, "=")
	switch mode {
	case "token":
		status["token"] = canary.Secret + argument
	case "runtoken": // another one in every run
		runs, _ := os.ReadDir(os.Getenv(runsVariable))
		status["token"] = fmt.Sprint(canary.Secret, len(runs))
	case "newline":
		status["token"] = canary.Secret + "\n"
	case "past":
		status["token"] = canary.Secret
		status["expirationTimestamp"] = time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	case "future":
		status["token"] = canary.Secret
		status["expirationTimestamp"] = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	case "badtime":
		status["token"] = canary.Secret
		status["expirationTimestamp"] = canary.Secret
	case "cert":
		status["clientCertificateData"], status["clientKeyData"] = newCert()
	case "fixedcert":
		cert, err := os.ReadFile(filepath.Join(argument, "cert"))
		if err != nil {
			panic(err)
		}
		key, _ := os.ReadFile(filepath.Join(argument, "key"))
		status["clientCertificateData"], status["clientKeyData"] = string(cert), string(key)
	case "both":
		status["token"] = canary.Secret
		status["clientCertificateData"], status["clientKeyData"] = newCert()
	case "halfcert":
		status["clientCertificateData"], _ = newCert()
	case "halfkey":
		_, status["clientKeyData"] = newCert()
	case "mismatch":
		status["clientCertificateData"], _ = newCert()
		_, status["clientKeyData"] = newCert()
	case "badpem":
		status["clientCertificateData"] = "-----BEGIN " + canary.Secret + "-----\nAAAA\n-----END " + canary.Secret + "-----\n"
		status["clientKeyData"] = canary.Secret
	case "empty":
	case "nostatus":
		status = nil
	case "nothing":
		return 0
	case "version":
		version = argument
		status["token"] = canary.Secret
	case "kind":
		kind = canary.Secret
	case "raw":
		fmt.Print(argument)
		return 0
	case "exit":
		fmt.Print(canary.Secret)
		fmt.Fprintln(os.Stderr, "told on \x1b[31mstderr\x07")
		return 7
	case "stderr":
		fmt.Fprint(os.Stderr, strings.Repeat("no newline", 100_000))
		status["token"] = canary.Secret
	case "flood":
		block := bytes.Repeat([]byte(canary.Secret), 10_000)
		for range 2 << 30 / len(block) {
			if _, err := os.Stdout.Write(block); err != nil {
				return 1
			}
		}
	case "hang":
		time.Sleep(time.Hour)
	case "hangchild": // the child holds standard output open
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), modeVariable+"=hang")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
		if err := os.WriteFile(argument, fmt.Append(nil, child.Process.Pid), 0o600); err != nil {
			panic(err)
		}
		_ = child.Wait()
	case "wait": // for a file
		for {
			if _, err := os.Stat(argument); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		status["token"] = canary.Secret
	case "stdin":
		line := make([]byte, 100)
		n, err := os.Stdin.Read(line)
		if err != nil {
			fmt.Fprintln(os.Stderr, "no stdin:", err)
			return 1
		}
		status["token"] = strings.TrimSpace(string(line[:n]))
	case "tty":
		if _, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err != nil {
			return 3
		}
		status["token"] = canary.Secret
	case "environment":
		status["token"] = os.Getenv(argument)
	case "arguments":
		status["token"] = strings.Join(os.Args[1:], "|")
	}
	answer := map[string]any{"apiVersion": version, "kind": kind}
	if status != nil {
		answer["status"] = status
	} else {
		answer["token"] = canary.Secret // misplaced
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		return 1
	}
	return 0
}

// newCert returns a certificate for an hour and its key, as PEM.
func newCert() (certPEM, keyPEM string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: fmt.Sprint("client ", time.Now().UnixNano())},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

// configFor returns the configuration of this test binary as a plugin.
func configFor(t *testing.T, mode string) *api.ExecConfig {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &api.ExecConfig{
		Command:    self,
		APIVersion: v1Version,
		// Programs with the race detector sleep a second before they end, unless told otherwise.
		Env:             []api.ExecEnvVar{{Name: modeVariable, Value: mode}, {Name: "GORACE", Value: "atexit_sleep_ms=0"}},
		InteractiveMode: api.NeverExecInteractiveMode,
	}
}

// counting makes the plugin of config count its runs.
func counting(t *testing.T, config *api.ExecConfig) (runs func() int) {
	t.Helper()
	dir := t.TempDir()
	config.Env = append(config.Env, api.ExecEnvVar{Name: runsVariable, Value: dir})
	return func() int {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
}

// pluginFor returns a plugin whose standard error is kept.
func pluginFor(t *testing.T, config *api.ExecConfig) (p *plugin, stderr *bytes.Buffer) {
	t.Helper()
	p, err := newPlugin(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	stderr = &bytes.Buffer{}
	p.stderr = stderr
	return p, stderr
}
