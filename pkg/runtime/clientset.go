package runtime

import (
	"fmt"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ClientsetConfig returns a copy of c for the group clients of one clientset:
// with a user agent, and with one rate limiter that all of them share, so that
// QPS and Burst bound the clientset and not each group (zero means
// rest.DefaultQPS and rest.DefaultBurst, a negative QPS no limit). A
// RateLimiter in c wins.
func ClientsetConfig(c *rest.Config) (*rest.Config, error) {
	config, err := withUserAgent(c)
	if err != nil {
		return nil, err
	}
	if config.RateLimiter != nil || config.QPS < 0 {
		return config, nil
	}
	qps, burst := config.QPS, config.Burst
	if qps == 0 {
		qps = rest.DefaultQPS
		if burst == 0 {
			burst = rest.DefaultBurst
		}
	}
	if burst <= 0 {
		return nil, fmt.Errorf("rest.Config has QPS %v and Burst %d: Burst must be greater than 0 unless RateLimiter is set or QPS is negative", config.QPS, config.Burst)
	}
	config.RateLimiter = flowcontrol.NewTokenBucketRateLimiter(qps, burst)
	return config, nil
}
