package compat

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	theirs "k8s.io/client-go/tools/clientcmd"

	ours "github.com/kubewright/kubewright/pkg/clientcmd"
)

// flagsOf returns what programs and scripts depend on: all but the help texts.
func flagsOf(flags *pflag.FlagSet) (all []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		all = append(all, fmt.Sprintf("--%s -%s=%q %s %v", f.Name, f.Shorthand, f.DefValue, f.Value.Type(), f.Annotations))
	})
	return all
}

func TestFlagsAreTheSame(t *testing.T) {
	for _, prefix := range []string{"", "k8s-"} {
		our, their := pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
		ours.BindOverrideFlags(&ours.ConfigOverrides{}, our, ours.RecommendedConfigOverrideFlags(prefix))
		theirs.BindOverrideFlags(&theirs.ConfigOverrides{}, their, theirs.RecommendedConfigOverrideFlags(prefix))
		if d := cmp.Diff(flagsOf(their), flagsOf(our)); d != "" {
			t.Errorf("prefix %q (-client-go +ours):\n%s", prefix, d)
		}
	}
}

func TestLoadingRulesAreTheSame(t *testing.T) {
	for _, env := range []string{"", "/a", "/a:/b:/a", "/a:", ":"} {
		t.Run(env, func(t *testing.T) {
			t.Setenv("KUBECONFIG", env)
			our, their := ours.NewDefaultPathOptions(), theirs.NewDefaultPathOptions()
			describe := func(parts ...any) (all []string) {
				for _, part := range parts {
					all = append(all, fmt.Sprintf("%q", fmt.Sprint(part)))
				}
				return all
			}
			ourRules, theirRules := ours.NewDefaultClientConfigLoadingRules(), theirs.NewDefaultClientConfigLoadingRules()
			if d := cmp.Diff(
				describe(theirRules.Precedence, theirRules.MigrationRules, theirRules.WarnIfAllMissing, theirRules.DoNotResolvePaths, theirRules.GetDefaultFilename()),
				describe(ourRules.Precedence, ourRules.MigrationRules, ourRules.WarnIfAllMissing, ourRules.DoNotResolvePaths, ourRules.GetDefaultFilename())); d != "" {
				t.Errorf("rules (-client-go +ours):\n%s", d)
			}
			if d := cmp.Diff(
				describe(their.GlobalFile, their.EnvVar, their.ExplicitFileFlag, their.GlobalFileSubpath, their.LoadingRules.DoNotResolvePaths, their.GetLoadingPrecedence(), their.GetDefaultFilename(), their.GetEnvVarFiles()),
				describe(our.GlobalFile, our.EnvVar, our.ExplicitFileFlag, our.GlobalFileSubpath, our.LoadingRules.DoNotResolvePaths, our.GetLoadingPrecedence(), our.GetDefaultFilename(), our.GetEnvVarFiles())); d != "" {
				t.Errorf("path options (-client-go +ours):\n%s", d)
			}
		})
	}
}

func TestPathsAndNamesAreTheSame(t *testing.T) {
	for _, path := range []string{"", "/base", "/base/a", "/base/..a", "/base/../a", "/other", "a", "./a", "../a"} {
		ourPath, theirPath := path, path
		ourErr, theirErr := ours.RelativizePathWithNoBacksteps([]*string{&ourPath}, "/base"), theirs.RelativizePathWithNoBacksteps([]*string{&theirPath}, "/base")
		if ourPath != theirPath || (ourErr != nil) != (theirErr != nil) {
			t.Errorf("relativize %q: ours %q, %v, client-go's %q, %v", path, ourPath, ourErr, theirPath, theirErr)
		}
		if our, their := ours.ResolvePaths([]*string{&ourPath}, "/b"), theirs.ResolvePaths([]*string{&theirPath}, "/b"); our != nil || their != nil || ourPath != theirPath {
			t.Errorf("resolve %q: ours %q, client-go's %q", path, ourPath, theirPath)
		}
	}
	for _, name := range []string{"", "a", "ns/a", "NS/a", "namespace/a", "namespaces/a", "ns/", "ns/a/b", "pod/a", "/a"} {
		our, ourErr := ours.RemoveNamespacesPrefix(name)
		their, theirErr := theirs.RemoveNamespacesPrefix(name)
		if our != their || ourErr != nil || theirErr != nil {
			t.Errorf("namespace %q: ours %q, client-go's %q", name, our, their)
		}
	}
}
