package keyutil

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func block(t testing.TB, kind string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func keys(t testing.TB) (*ecdsa.PrivateKey, *rsa.PrivateKey) {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return ec, r
}

func TestPrivateKeysOfEveryKind(t *testing.T) {
	ec, r := keys(t)
	ecPEM, err := MarshalPrivateKeyToPEM(ec)
	if err != nil {
		t.Fatal(err)
	}
	rsaPEM, err := MarshalPrivateKeyToPEM(r)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ec)
	others := slices.Concat([]byte("text\n"), block(t, "EC PARAMETERS", []byte{1}, nil), block(t, RSAPrivateKeyBlockType, []byte(canary.Secret), nil))
	for _, test := range []struct {
		name string
		data []byte
		want interface{ Equal(crypto.PrivateKey) bool }
	}{
		{"EC", ecPEM, ec},
		{"RSA", rsaPEM, r},
		{"PKCS #8", block(t, PrivateKeyBlockType, pkcs8, err), ec},
		{"others passed over", slices.Concat(others, ecPEM), ec},
	} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, test.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := PrivateKeyFromFile(file); err != nil || !test.want.Equal(got) {
			t.Errorf("%s: %T, error %v", test.name, got, err)
		}
	}
	if _, err := MarshalPrivateKeyToPEM("x"); err == nil || !strings.Contains(canary.Err(t, err).Error(), "type string") {
		t.Errorf("error %v", err)
	}
}

func TestPublicKeysOfEveryKind(t *testing.T) {
	ec, r := keys(t)
	ecPEM, err := MarshalPrivateKeyToPEM(ec)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now()}
	cert, certErr := x509.CreateCertificate(rand.Reader, template, template, ec.Public(), ec)
	pkix, pkixErr := x509.MarshalPKIXPublicKey(ec.Public())
	data := strings.Join([]string{
		string(block(t, PublicKeyBlockType, pkix, pkixErr)),
		string(block(t, certificateBlockType, cert, certErr)),
		string(ecPEM),
		string(block(t, PublicKeyBlockType, []byte(canary.Secret), nil)),
		string(block(t, rsaPublicKeyBlockType, x509.MarshalPKCS1PublicKey(&r.PublicKey), nil)),
	}, "text\n")
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := PublicKeysFromFile(file)
	if err != nil || len(got) != 4 {
		t.Fatalf("%d keys, error %v", len(got), err)
	}
	for i, key := range got[:3] {
		if !ec.PublicKey.Equal(key) {
			t.Errorf("key %d is another", i)
		}
	}
	if !r.PublicKey.Equal(got[3]) {
		t.Error("the RSA key is another")
	}
}

func TestErrorsNameTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(file, []byte("junk "+canary.Secret), 0o600); err != nil {
		t.Fatal(err)
	}
	_, private := PrivateKeyFromFile(file)
	_, public := PublicKeysFromFile(file)
	_, _, generated := LoadOrGenerateKeyFile(file)
	for _, err := range []error{private, public, generated} {
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), file) || !strings.Contains(canary.Err(t, err).Error(), "no PEM block with a valid") {
			t.Errorf("error %v", err)
		}
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != "junk "+canary.Secret {
		t.Errorf("the file was changed: %q, %v", content, err)
	}
	if _, err := PrivateKeyFromFile("/no/such"); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
	if _, err := PublicKeysFromFile("/no/such"); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
}

func TestLoadOrGenerateKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "key")
	made, generated, err := LoadOrGenerateKeyFile(file)
	if err != nil || !generated {
		t.Fatalf("generated: %v, error %v", generated, err)
	}
	if _, err := ParsePrivateKeyPEM(made); err != nil {
		t.Error(err)
	}
	loaded, generated, err := LoadOrGenerateKeyFile(file)
	if err != nil || generated || string(loaded) != string(made) {
		t.Errorf("generated: %v, error %v, or another key", generated, err)
	}
	if _, _, err := LoadOrGenerateKeyFile(filepath.Join(file, "below")); err == nil || !strings.Contains(canary.Err(t, err).Error(), "unable to read the key") {
		t.Errorf("error %v", err)
	}
}

func TestKeysAreReadableByTheOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "key")
	if err := os.WriteFile(file, []byte("old, and open to all"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteKey(file, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != "new" || info.Mode() != 0o600 {
		t.Errorf("content %q, mode %v, error %v", content, info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: want no other file left", entries, err)
	}
	if err := WriteKey(dir, nil); err == nil { // a directory cannot be replaced
		t.Error("no error")
	}
	if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: want no temporary file left", entries, err)
	}
}

func FuzzParseKeys(f *testing.F) {
	ec, err := MakeEllipticPrivateKeyPEM()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, ec, ec[:len(ec)/2], []byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if key, err := ParsePrivateKeyPEM(data); (err == nil) != (key != nil) {
			t.Fatalf("%v, error %v", key, err)
		} else if err == nil {
			if _, err := ParsePublicKeysPEM(data); err != nil {
				t.Fatal(err)
			}
		}
	})
}
