package exec

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/metrics"
)

// recorder is every metric of this package.
type recorder struct {
	mu   sync.Mutex
	told []string
}

var recorded recorder

func (r *recorder) tell(args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := fmt.Sprint(args...)
	r.told = append(r.told, line)
	fmt.Fprintln(canary.Seen, line)
}

// take returns what was told since the last call.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	told := r.told
	r.told = nil
	return told
}

type (
	calls    struct{ *recorder }
	policies struct{ *recorder }
	expiries struct{ *recorder }
	ages     struct{ *recorder }
)

func (r calls) Increment(code int, status string) { r.tell(code, " ", status) }
func (r policies) Increment(status string)        { r.tell(status) }
func (r expiries) Set(at *time.Time)              { r.tell("expires ", time.Until(*at) > 0) }
func (r ages) Observe(age time.Duration)          { r.tell("age ", age > 0) }

// recordMetrics is called before the tests, since runs that a test gave up may still be ending when the next one begins.
func recordMetrics() {
	canary.Register(func(m *metrics.RegisterOpts) {
		m.ExecPluginCalls = calls{&recorded}
		m.ExecPluginPolicyCalls = policies{&recorded}
		m.ClientCertExpiry = expiries{&recorded}
		m.ClientCertRotationAge = ages{&recorded}
	})
}

func TestMetrics(t *testing.T) {
	eventually(t, func() bool { // the runs that other tests gave up have ended
		stacks := make([]byte, 1<<20)
		return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "(*plugin).fetch")
	})
	for _, c := range []struct {
		mode   string
		change func(*api.ExecConfig)
		want   []string // of two runs
	}{
		{"token", func(*api.ExecConfig) {}, []string{"allowed", "0 noError", "allowed", "0 noError"}},
		{"cert", func(*api.ExecConfig) {}, []string{"allowed", "0 noError", "expires true", "allowed", "0 noError", "age true", "expires true"}},
		{"exit", func(*api.ExecConfig) {}, []string{"allowed", "7 pluginExecutionError", "allowed", "7 pluginExecutionError"}},
		{"token", func(c *api.ExecConfig) { c.Command = "kubewright-no-such-plugin" }, []string{"1 pluginNotFoundError", "1 pluginNotFoundError"}},
		{"token", func(c *api.ExecConfig) { c.PluginPolicy.PolicyType = api.PluginPolicyDenyAll }, []string{"denied", "denied"}},
	} {
		config := configFor(t, c.mode)
		c.change(config)
		p, _ := pluginFor(t, config)
		recorded.take()
		for range 2 {
			_, _, _ = p.fetch(t.Context())
		}
		if diff := cmp.Diff(c.want, recorded.take()); diff != "" {
			t.Errorf("%s: %s", c.mode, diff)
		}
	}
}
