package keyutil

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeEllipticPrivateKeyPEM makes an ECDSA key for curve P-256.
func MakeEllipticPrivateKeyPEM() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return MarshalPrivateKeyToPEM(key)
}

// MarshalPrivateKeyToPEM returns an *rsa.PrivateKey or *ecdsa.PrivateKey in the PEM block of its own kind. Others are an
// error.
func MarshalPrivateKeyToPEM(privateKey crypto.PrivateKey) ([]byte, error) {
	switch key := privateKey.(type) {
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return nil, err
		}
		return pem.EncodeToMemory(&pem.Block{Type: ECPrivateKeyBlockType, Bytes: der}), nil
	case *rsa.PrivateKey:
		return pem.EncodeToMemory(&pem.Block{Type: RSAPrivateKeyBlockType, Bytes: x509.MarshalPKCS1PrivateKey(key)}), nil
	}
	return nil, fmt.Errorf("a private key of type %T is neither *rsa.PrivateKey nor *ecdsa.PrivateKey", privateKey)
}

// WriteKey writes data to keyPath, readable by the owner alone (0600) even if the file was not before. Directories that are
// missing are made (0755). A reader sees the old file or the new one, never a part.
func WriteKey(keyPath string, data []byte) error {
	dir := filepath.Dir(keyPath)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".key-*") // 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), keyPath); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// LoadOrGenerateKeyFile returns the content of keyPath, which has to have a private key, or makes a key (see
// MakeEllipticPrivateKeyPEM) and writes it there if there is no such file. A file without a valid key is an error: nothing
// that is there is ever overwritten.
func LoadOrGenerateKeyFile(keyPath string) (data []byte, wasGenerated bool, err error) {
	data, err = os.ReadFile(keyPath)
	switch {
	case err == nil:
		if _, err := ParsePrivateKeyPEM(data); err != nil {
			return nil, false, fmt.Errorf("unable to use the key file %q: %w", keyPath, err)
		}
		return data, false, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("unable to read the key: %w", err)
	}
	if data, err = MakeEllipticPrivateKeyPEM(); err != nil {
		return nil, false, fmt.Errorf("unable to make a key: %w", err)
	}
	if err := WriteKey(keyPath, data); err != nil {
		return nil, false, fmt.Errorf("unable to write the key to %q: %w", keyPath, err)
	}
	return data, true, nil
}
