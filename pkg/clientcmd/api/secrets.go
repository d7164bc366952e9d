package api

import (
	"net/url"
)

// What takes the place of a value that is not shown, as kubectl shows it.
const (
	hidden  = "REDACTED"
	omitted = "DATA+OMITTED"
)

// ShortenConfig replaces long data and tokens, so that people can read config. It is no protection: see RedactSecrets.
func ShortenConfig(config *Config) {
	for _, user := range config.AuthInfos {
		if user == nil {
			continue
		}
		replaceData(&user.ClientCertificateData, omitted)
		replaceData(&user.ClientKeyData, omitted)
		replace(&user.Token)
	}
	for _, cluster := range config.Clusters {
		if cluster != nil {
			replaceData(&cluster.CertificateAuthorityData, omitted)
		}
	}
}

// RedactSecrets replaces everything in config that is secret, or may be: keys, tokens, passwords (those in URLs too), the
// arguments and environment of credential plugins that are programs, and the configuration of those that are compiled in.
// Extensions are not looked into.
func RedactSecrets(config *Config) error {
	for _, user := range config.AuthInfos {
		if user == nil {
			continue
		}
		replaceData(&user.ClientKeyData, hidden)
		replace(&user.Token)
		replace(&user.Password)
		if user.AuthProvider != nil {
			for key := range user.AuthProvider.Config {
				user.AuthProvider.Config[key] = hidden
			}
		}
		if user.Exec != nil {
			for i := range user.Exec.Args {
				user.Exec.Args[i] = hidden
			}
			for i := range user.Exec.Env {
				replace(&user.Exec.Env[i].Value)
			}
		}
	}
	for _, cluster := range config.Clusters {
		if cluster != nil {
			replaceUserinfo(&cluster.Server)
			replaceUserinfo(&cluster.ProxyURL)
		}
	}
	return nil
}

func replace(s *string) {
	if *s != "" {
		*s = hidden
	}
}

func replaceData(data *[]byte, by string) {
	if len(*data) > 0 {
		*data = []byte(by)
	}
}

// replaceUserinfo redacts name and password of a URL. What is no URL is redacted as a whole, since nobody knows where a
// password in it ends.
func replaceUserinfo(text *string) {
	u, err := url.Parse(*text)
	switch {
	case err != nil:
		*text = hidden
	case u.User != nil:
		u.User = url.User(hidden)
		*text = u.String()
	}
}
