package keyutil

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
)

func TestKeysAreWrittenInTheBlockOfTheirKind(t *testing.T) {
	ec, r := keys(t)
	for kind, key := range map[string]crypto.PrivateKey{ECPrivateKeyBlockType: ec, RSAPrivateKeyBlockType: r} {
		data, err := MarshalPrivateKeyToPEM(key)
		if err != nil {
			t.Fatal(err)
		}
		if block, rest := pem.Decode(data); block == nil || block.Type != kind || len(rest) != 0 {
			t.Errorf("%T: not one block of type %q", key, kind)
		}
	}
}

func TestMadeKeysAreECDSAKeys(t *testing.T) {
	data, err := MakeEllipticPrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != ECPrivateKeyBlockType {
		t.Fatal("no block of an EC private key")
	}
	parsed, err := ParsePrivateKeyPEM(data)
	if err != nil {
		t.Fatal(err)
	}
	if key, ok := parsed.(*ecdsa.PrivateKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("got a %T", parsed)
	}
}

func TestPublicKeysAreReadFromPrivateKeysToo(t *testing.T) {
	ec, r := keys(t)
	rsaPEM, err := MarshalPrivateKeyToPEM(r)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ec)
	got, parseErr := ParsePublicKeysPEM(append(rsaPEM, block(t, PrivateKeyBlockType, pkcs8, err)...))
	if parseErr != nil || len(got) != 2 || !r.PublicKey.Equal(got[0]) || !ec.PublicKey.Equal(got[1]) {
		t.Errorf("%d keys, or others, error %v", len(got), parseErr)
	}
}

func TestWriteKeyMakesDirectories(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := WriteKey(filepath.Join(dir, "key"), []byte("k")); err != nil {
		t.Fatal(err)
	}
	// The process's umask may take away more.
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&^0o755 != 0 || info.Mode().Perm()&0o700 != 0o700 {
		t.Errorf("mode %v, error %v, want 0755", info.Mode(), err)
	}
}
