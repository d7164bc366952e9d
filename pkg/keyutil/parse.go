package keyutil

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// The types of the PEM blocks that keys are in.
const (
	ECPrivateKeyBlockType  = "EC PRIVATE KEY"  // SEC 1
	RSAPrivateKeyBlockType = "RSA PRIVATE KEY" // PKCS #1
	PrivateKeyBlockType    = "PRIVATE KEY"     // PKCS #8
	PublicKeyBlockType     = "PUBLIC KEY"      // PKIX

	rsaPublicKeyBlockType = "RSA PUBLIC KEY" // PKCS #1
	certificateBlockType  = "CERTIFICATE"
)

// PrivateKeyFromFile returns the private key in the PEM file; see ParsePrivateKeyPEM.
func PrivateKeyFromFile(file string) (interface{}, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := ParsePrivateKeyPEM(data)
	if err != nil {
		return nil, fmt.Errorf("unable to read a private key from %q: %w", file, err)
	}
	return key, nil
}

// PublicKeysFromFile returns the public keys in the PEM file; see ParsePublicKeysPEM.
func PublicKeysFromFile(file string) ([]interface{}, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	keys, err := ParsePublicKeysPEM(data)
	if err != nil {
		return nil, fmt.Errorf("unable to read public keys from %q: %w", file, err)
	}
	return keys, nil
}

// ParsePrivateKeyPEM returns the first private key in the PEM data, a crypto.Signer such as *rsa.PrivateKey or
// *ecdsa.PrivateKey. Other blocks and text around are passed over.
func ParsePrivateKeyPEM(keyData []byte) (interface{}, error) {
	for block := range blocks(keyData) {
		if key := privateKey(block); key != nil {
			return key, nil
		}
	}
	return nil, errors.New("the data has no PEM block with a valid private key")
}

// ParsePublicKeysPEM returns the public keys in the PEM data, such as *rsa.PublicKey or *ecdsa.PublicKey: those that are there
// as such, and those of private keys and certificates. What cannot be parsed is passed over; it is an error if nothing is
// left.
func ParsePublicKeysPEM(keyData []byte) ([]interface{}, error) {
	var keys []interface{}
	for block := range blocks(keyData) {
		if key := publicKey(block); key != nil {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the data has no PEM block with a valid public key, private key or certificate")
	}
	return keys, nil
}

// blocks yields the PEM blocks in data.
func blocks(data []byte) func(yield func(*pem.Block) bool) {
	return func(yield func(*pem.Block) bool) {
		for {
			var block *pem.Block
			if block, data = pem.Decode(data); block == nil || !yield(block) {
				return
			}
		}
	}
}

// privateKey returns nil if block has none.
func privateKey(block *pem.Block) crypto.Signer {
	var key any
	var err error
	switch block.Type {
	case ECPrivateKeyBlockType:
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case RSAPrivateKeyBlockType:
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case PrivateKeyBlockType:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil
	}
	return signer
}

// publicKey returns nil if block has none.
func publicKey(block *pem.Block) any {
	switch block.Type {
	case PublicKeyBlockType:
		if key, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			return key
		}
	case rsaPublicKeyBlockType:
		if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
			return key
		}
	case certificateBlockType:
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			return cert.PublicKey
		}
	default:
		if key := privateKey(block); key != nil {
			return key.Public()
		}
	}
	return nil
}
