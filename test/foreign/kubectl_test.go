package foreign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/kubewright/kubewright/test/apiserver"
)

// kubectl runs commands as a person would, in a directory of its own.
type kubectl struct {
	t       *testing.T
	program string
	dir     string
	env     []string
}

func newKubectl(t *testing.T, kubeconfig []byte) *kubectl {
	t.Helper()
	program, err := apiserver.Kubectl(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	k := &kubectl{t: t, program: program, dir: t.TempDir()}
	k.file("kubeconfig", string(kubeconfig))
	k.env = append(os.Environ(), "KUBECONFIG="+filepath.Join(k.dir, "kubeconfig"), "HOME="+k.dir, "TERM=dumb")
	return k
}

func (k *kubectl) file(name, text string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

// run returns what a command prints, to stdout and stderr, and its exit code.
func (k *kubectl) run(ctx context.Context, env []string, args ...string) (string, int) {
	k.t.Helper()
	cmd := exec.CommandContext(ctx, k.program, args...)
	cmd.Dir, cmd.Env = k.dir, append(k.env, env...)
	out, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		k.t.Fatalf("kubectl %v: %v", args, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

const manifest = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels: {app: shop}
data:
  color: %s
`

// TestKubectl is a session at a terminal: each command stands on those before.
func TestKubectl(t *testing.T) {
	server, config := start(t)
	k := newKubectl(t, server.Kubeconfig())
	k.file("red.yaml", fmt.Sprintf(manifest, "red"))
	k.file("blue.yaml", fmt.Sprintf(manifest, "blue"))
	k.file("bad.yaml", fmt.Sprintf(manifest, "blue")+"unheard: of\n")
	client := kubernetes.NewForConfigOrDie(config)
	for _, step := range []struct {
		command string // a word may be quoted
		code    int
		want    []string // in the output
		env     []string
		before  func()
	}{
		{command: "version", want: []string{"Server Version: v1.36"}},
		{command: "api-resources", want: []string{"configmaps", "cm", "deployments", "apps/v1", "customresourcedefinitions"}},
		{command: "api-versions", want: []string{"apps/v1", "v1"}},
		{command: "get namespaces", want: []string{"NAME", "STATUS", "default", "kube-system", "Active"}},
		{command: "auth can-i create pods", want: []string{"yes"}},
		{command: "auth whoami", want: []string{"admin", "system:masters"}},
		{command: "explain pod.spec.containers", want: []string{"KIND:", "Pod", "FIELDS:", "image"}},
		{command: "get configmap settings", code: 1, want: []string{`Error from server (NotFound): configmaps "settings" not found`}},

		{command: "create configmap literal --from-literal=a=b", want: []string{"configmap/literal created"}},
		{command: "create configmap literal --from-literal=a=b", code: 1, want: []string{`configmaps "literal" already exists`}},
		{command: "create namespace shop", want: []string{"namespace/shop created"}},
		{command: "create configmap x -n nowhere", code: 1, want: []string{`namespaces "nowhere" not found`}},
		{command: "create configmap UPPER", code: 1, want: []string{"Invalid value", "RFC 1123"}},

		{command: "apply -f red.yaml", want: []string{"configmap/settings created"}},
		{command: "apply -f red.yaml", want: []string{"configmap/settings unchanged"}},
		{command: "diff -f blue.yaml", code: 1, want: []string{"-  color: red", "+  color: blue"}},
		{command: "apply -f blue.yaml --dry-run=server", want: []string{"configured (server dry run)"}},
		{command: "apply -f blue.yaml", want: []string{"configmap/settings configured"}},
		{command: "apply -f bad.yaml", code: 1, want: []string{`unknown field "unheard"`}},
		{command: "apply -f red.yaml --server-side --field-manager=me", code: 1, want: []string{"conflict", `"kubectl-client-side-apply"`, ".data.color"}},
		{command: "apply -f red.yaml --server-side --field-manager=me --force-conflicts", want: []string{"serverside-applied"}},
		{command: "get configmap settings -o jsonpath={.data.color}", want: []string{"red"}},
		{command: "get configmap settings -o yaml --show-managed-fields", want: []string{"manager: me", "operation: Apply"}},
		{command: "get configmap settings -o json", want: []string{`"color": "red"`}},
		{command: "get configmaps -l app=shop -o name", want: []string{"configmap/settings"}},
		{command: "get configmaps --field-selector metadata.name=literal -o name", want: []string{"configmap/literal"}},
		{command: "get configmaps -A", want: []string{"NAMESPACE", "DATA", "AGE", "settings"}},

		{command: "label configmap settings tier=front", want: []string{"labeled"}},
		{command: "annotate configmap settings note=x", want: []string{"annotated"}},
		{command: "get configmap settings --show-labels", want: []string{"app=shop,tier=front"}},
		{command: `patch configmap settings -p {"data":{"size":"1"}}`, want: []string{"patched"}},
		{command: `patch configmap settings --type=merge -p {"data":{"size":null}}`, want: []string{"patched"}},
		{command: `patch configmap settings --type=json -p [{"op":"add","path":"/data/shape","value":"round"}]`, want: []string{"patched"}},
		{command: `patch configmap settings --type=json -p [{"op":"test","path":"/data/shape","value":"flat"}]`, code: 1, want: []string{"The request is invalid"}},
		{command: "edit configmap settings", env: []string{"KUBE_EDITOR=sed -i s/round/square/"}, want: []string{"configmap/settings edited"}},
		{command: "get configmap settings -o jsonpath={.data.shape}", want: []string{"square"}},
		{command: "describe configmap settings", want: []string{"Name:", "settings", "square"}},
		{command: "replace -f red.yaml", want: []string{"replaced"}},

		{command: "create deployment web --image=nginx --replicas=2", want: []string{"deployment.apps/web created"}},
		{command: "scale deployment web --replicas=3", want: []string{"scaled"}},
		{command: "get deployment web", want: []string{"READY", "UP-TO-DATE", "0/3"}},
		{command: "set image deployment/web nginx=nginx:2", want: []string{"image updated"}},
		{command: "describe deployment web", want: []string{"3 desired", "nginx:2"}},
		{before: func() { rollOut(t, client) }, command: "rollout status deployment web --timeout=10s", want: []string{"successfully rolled out"}},
		{command: "wait --for=condition=Available deployment/web --timeout=10s", want: []string{"condition met"}},
		{command: "expose deployment web --port=80", want: []string{"service/web exposed"}},
		{command: "get services", want: []string{"CLUSTER-IP", "web"}},
		{command: "run pod --image=nginx", want: []string{"pod/pod created"}},
		{command: "get pods -o wide", want: []string{"NOMINATED NODE", "Pending"}},
		{command: "get all", want: []string{"pod/pod", "service/web", "deployment.apps/web"}},
		{command: "create token default", code: 1, want: []string{`serviceaccounts "default" not found`}},
		{command: "create serviceaccount robot", want: []string{"created"}},
		{command: "create token robot", want: []string{"."}},

		{command: "delete pod pod --now", want: []string{`pod "pod" deleted`}},
		{command: "delete -f red.yaml", want: []string{`configmap "settings" deleted`}},
		{command: "wait --for=delete configmap/settings --timeout=10s"},
		{command: "delete namespace shop --timeout=10s", want: []string{`namespace "shop" deleted`}},
		{command: "delete deployments,services --all", want: []string{`"web" deleted`}},
	} {
		t.Run(step.command, func(t *testing.T) {
			if step.before != nil {
				step.before()
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			out, code := k.run(ctx, step.env, strings.Fields(step.command)...)
			if code != step.code {
				t.Errorf("exit code %d, want %d", code, step.code)
			}
			for _, want := range step.want {
				if !strings.Contains(out, want) {
					t.Errorf("the output has no %q", want)
				}
			}
			if t.Failed() {
				t.Logf("the output is:\n%s", out)
			}
		})
	}
}

// rollOut writes the status that a deployment controller would.
func rollOut(t *testing.T, client kubernetes.Interface) {
	deployments := client.AppsV1().Deployments("default")
	d, err := deployments.Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d.Status = appsv1.DeploymentStatus{
		ObservedGeneration: d.Generation, Replicas: 3, UpdatedReplicas: 3, ReadyReplicas: 3, AvailableReplicas: 3,
		Conditions: []appsv1.DeploymentCondition{{Type: appsv1.DeploymentAvailable, Status: "True"}},
	}
	if _, err := deployments.UpdateStatus(t.Context(), d, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// TestKubectlWatches: get -w prints what happens while it runs.
func TestKubectlWatches(t *testing.T) {
	server, _ := start(t)
	k := newKubectl(t, server.Kubeconfig())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, k.program, "get", "configmaps", "-w", "--output-watch-events", "-o", "name")
	var out bytes.Buffer
	cmd.Dir, cmd.Env = k.dir, k.env
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := server.Seed(ctx, configMap("seen")); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	for !strings.Contains(out.String(), "configmap/seen") {
		n, err := stdout.Read(buffer)
		out.Write(buffer[:n])
		if err != nil {
			t.Fatalf("the watch ended with %v after %q", err, out.String())
		}
	}
	cancel()
	_ = cmd.Wait() // it was killed
}
