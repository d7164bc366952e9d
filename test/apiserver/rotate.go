package apiserver

import (
	"fmt"
	"os"
	"slices"
)

// RotateServingCA makes a new authority, and certificates of it for the servers. One that
// starts afterwards serves its own at once; one that runs notices the new files, and serves
// its own to connections that are made from then on, after a few seconds. What came from the
// cluster before, [Cluster.CA], clients and kubeconfigs, is for the old authority. announce,
// unless it is nil, is called with the PEM certificate of the new one before a server has it.
func (c *Cluster) RotateServingCA(announce func(ca []byte)) error {
	ca, err := newAuthority("kubewright-serving")
	if err != nil {
		return fmt.Errorf("apiserver: %w", err)
	}
	cert, key, err := issueServing(ca)
	if err != nil {
		return fmt.Errorf("apiserver: %w", err)
	}
	admin, err := newHTTPClient(c.admin, ca)
	if err != nil {
		return fmt.Errorf("apiserver: %w", err)
	}
	if announce != nil {
		announce(slices.Clone(ca.certPEM))
	}
	for name, content := range map[string][]byte{servingCAFile: ca.certPEM, servingCertFile: cert, servingKeyFile: key} {
		if err := os.WriteFile(c.path(name), content, 0o600); err != nil {
			return fmt.Errorf("apiserver: %w", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.adminClient.CloseIdleConnections()
	c.servingCA, c.adminClient = ca, admin
	return nil
}
