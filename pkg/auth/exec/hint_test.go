package exec

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func missing(t *testing.T, hint string) *Authenticator {
	t.Helper()
	config := configFor(t, "token")
	config.Command = "kubewright-no-such-plugin"
	config.InstallHint = hint
	a, err := newAuthenticator(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAMissingCommandIsNamedWithTheInstallHint(t *testing.T) {
	a := missing(t, "brew install it\x1b[31m"+strings.Repeat("x", 2*maxHintBytes))
	_, err := a.Credential(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	text := canary.Err(t, err).Error()
	if !strings.Contains(text, `"kubewright-no-such-plugin" is not installed`) || !strings.Contains(text, "\n\nbrew install it[31mxxx") {
		t.Error(text)
	}
	if len(text) > maxHintBytes+500 || strings.Contains(text, "\x1b") {
		t.Errorf("the hint is not bounded or not cleaned: %q", text)
	}
}

func TestTheInstallHintIsShownTenTimesInAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := missing(t, "brew install it")
		for _, step := range []struct {
			after time.Duration
			want  int
		}{
			{0, 4}, {30 * time.Minute, 6}, // ten within the hour
			{30*time.Minute - time.Second, 0},
			{time.Second, 4},   // the first four are an hour old
			{time.Minute, 0},   // and the six are not yet
			{2 * time.Hour, 9}, // nothing adds up while nobody asks
		} {
			time.Sleep(step.after)
			shown, tries := 0, 100
			if step.want == 4 && step.after == 0 || step.want == 9 {
				tries = step.want
			}
			for range tries {
				_, err := a.Credential(t.Context())
				if err == nil || !strings.Contains(canary.Err(t, err).Error(), `"kubewright-no-such-plugin" is not installed`) {
					t.Fatalf("got %v, want the name of the command", err)
				}
				if strings.Contains(err.Error(), "brew install it") {
					shown++
				}
			}
			if shown != step.want {
				t.Errorf("after %v: shown %d times in %d errors, want %d", step.after, shown, tries, step.want)
			}
		}
	})
}

func TestOtherErrorsHaveNoInstallHint(t *testing.T) {
	config := configFor(t, "exit=1")
	config.InstallHint = "brew install it"
	a, err := newAuthenticator(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Credential(t.Context()); err == nil || strings.Contains(canary.Err(t, err).Error(), "brew") {
		t.Errorf("got %v, want an error without the hint", err)
	}
}
