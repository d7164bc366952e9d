package clientcmd

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// ConfigOverrides are values, such as those of command line flags, that win over what the kubeconfig says. Zero values do not.
type ConfigOverrides struct {
	// AuthInfo wins over the chosen user.
	AuthInfo api.AuthInfo
	// ClusterDefaults are used where the chosen cluster says nothing.
	ClusterDefaults api.Cluster
	// ClusterInfo wins over the chosen cluster.
	ClusterInfo api.Cluster
	// Context wins over the chosen context.
	Context api.Context
	// CurrentContext chooses the context.
	CurrentContext string
	// Timeout of requests; see ParseTimeout.
	Timeout string
}

// ParseTimeout returns the duration that text stands for: a number of seconds, or a number with unit such as "90s", "5m".
// It may be 0, which means no timeout, and must not be negative.
func ParseTimeout(duration string) (time.Duration, error) {
	if seconds, err := strconv.ParseInt(duration, 10, 32); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, nil
	}
	if d, err := time.ParseDuration(duration); err == nil && d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("invalid timeout %q: want a number of seconds, or a number with a unit (1s, 2m, 3h), and not below 0", duration)
}
