package v1

import (
	"fmt"
	"log/slog"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// Types that hold a credential print like their counterparts in package api, which redact. So does slog.

// Format implements fmt.Formatter: every verb prints a with its secrets redacted.
func (a AuthInfo) Format(s fmt.State, verb rune) {
	out := api.NewAuthInfo()
	if err := Convert_v1_AuthInfo_To_api_AuthInfo(&a, out, nil); err != nil {
		_, _ = fmt.Fprint(s, "(a user that cannot be printed)")
		return
	}
	out.Format(s, verb)
}

// LogValue implements slog.LogValuer; see Format.
func (a AuthInfo) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Format implements fmt.Formatter: every verb prints c with its secrets redacted.
func (c AuthProviderConfig) Format(s fmt.State, verb rune) {
	api.AuthProviderConfig(c).Format(s, verb)
}

// LogValue implements slog.LogValuer; see Format.
func (c AuthProviderConfig) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format implements fmt.Formatter: every verb prints c with its arguments and environment redacted.
func (c ExecConfig) Format(s fmt.State, verb rune) {
	var out api.ExecConfig
	if err := Convert_v1_ExecConfig_To_api_ExecConfig(&c, &out, nil); err != nil {
		_, _ = fmt.Fprint(s, "(a credential plugin that cannot be printed)")
		return
	}
	out.Format(s, verb)
}

// LogValue implements slog.LogValuer; see Format.
func (c ExecConfig) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format implements fmt.Formatter: every verb prints v with its value redacted.
func (v ExecEnvVar) Format(s fmt.State, verb rune) { api.ExecEnvVar(v).Format(s, verb) }

// LogValue implements slog.LogValuer; see Format.
func (v ExecEnvVar) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(v)) }
