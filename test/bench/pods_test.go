package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/ptr"
)

// The pods of a cluster, as the benchmarks of informers use them: replicas of workloads, which are alike but for what is a
// pod's own, its names, addresses, UIDs and times.
const (
	replicas    = 50 // of a workload
	namespaces  = 20 // that workloads are spread over
	podsOnNode  = 40
	versionBase = 800_000_000 // of resource versions, all of which have the same number of digits
	listVersion = versionBase + 99_999_999
	appLabel    = "app.kubernetes.io/name"
	cachedPods  = 20_000 // of an informer that is full
)

// clusterPods returns the first pods of the cluster.
func clusterPods(count int) []*corev1.Pod { return podsOf(count, replicas) }

// podsOf returns pods of workloads that have so many replicas each.
func podsOf(count, replicas int) []*corev1.Pod {
	pods := make([]*corev1.Pod, 0, count)
	var template *corev1.Pod
	for i := range count {
		if i%replicas == 0 {
			template = workloadPod(i / replicas)
		}
		pods = append(pods, replica(template, i))
	}
	return pods
}

func workloadNamespace(workload int) string {
	return fmt.Sprintf("team-%02d", workload%namespaces)
}

func workloadName(workload int) string {
	names := []string{"cart", "checkout", "payment-gateway", "search-frontend", "recommendation", "mailer", "session-store", "ingest-worker"}
	return fmt.Sprintf("%s-%d", names[workload%len(names)], workload)
}

func nodeName(i int) string {
	return fmt.Sprintf("ip-10-0-%d-%d.eu-central-1.compute.internal", i/250, i%250)
}

// digest is a string of hexadecimal digits that looks random and depends on nothing but the words.
func digest(words ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, words...))
	return hex.EncodeToString(sum[:])
}

func uid(words ...any) types.UID {
	d := digest(words...)
	return types.UID(fmt.Sprintf("%s-%s-4%s-9%s-%s", d[:8], d[8:12], d[12:15], d[15:18], d[18:30]))
}

// replica is a pod of the cluster, made of what all of its workload have.
func replica(template *corev1.Pod, i int) *corev1.Pod {
	p := template.DeepCopy()
	p.Name = p.GenerateName + strconv.FormatInt(36*36*36*36+int64(i), 36) // five characters
	p.UID = uid("pod", i)
	p.ResourceVersion = fmt.Sprint(versionBase + i)
	created := metav1.NewTime(time.Unix(1_780_000_000+int64(i), 0))
	started := metav1.NewTime(created.Add(9 * time.Second))
	p.CreationTimestamp = created
	p.Spec.NodeName = nodeName(i / podsOnNode)
	token := "kube-api-access-" + digest("token", i)[:5]
	p.Spec.Volumes[0].Name = token
	for _, containers := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for c := range containers {
			containers[c].VolumeMounts[0].Name = token
		}
	}
	node := i / podsOnNode
	ip := fmt.Sprintf("10.%d.%d.%d", 128+node/250, node%250, 2+i%podsOnNode)
	host := fmt.Sprintf("10.0.%d.%d", node/250, node%250)
	p.Status.PodIP, p.Status.PodIPs = ip, []corev1.PodIP{{IP: ip}}
	p.Status.HostIP, p.Status.HostIPs = host, []corev1.HostIP{{IP: host}}
	p.Status.StartTime = &created
	for c := range p.Status.Conditions {
		p.Status.Conditions[c].LastTransitionTime = started
	}
	p.Status.InitContainerStatuses[0].ContainerID = "containerd://" + digest("init", i)
	p.Status.InitContainerStatuses[0].State.Terminated = &corev1.ContainerStateTerminated{
		Reason: "Completed", StartedAt: created, FinishedAt: started, ContainerID: "containerd://" + digest("init", i),
	}
	for c := range p.Status.ContainerStatuses {
		p.Status.ContainerStatuses[c].ContainerID = "containerd://" + digest("container", i, c)
		p.Status.ContainerStatuses[c].State.Running = &corev1.ContainerStateRunning{StartedAt: started}
	}
	p.ManagedFields[0].Time = &created
	p.ManagedFields[1].Time = &started
	p.ManagedFields[1].FieldsV1 = metav1.NewFieldsV1(fmt.Sprintf(kubeletFields, ip))
	return p
}

// workloadPod is what the pods of a workload have in common.
func workloadPod(workload int) *corev1.Pod {
	app, hash := workloadName(workload), digest("template", workload)[:10]
	image := fmt.Sprintf("registry.example/shop/%s:2.%d.0", app, workload)
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		GenerateName: app + "-" + hash + "-",
		Namespace:    workloadNamespace(workload),
		Generation:   1,
		Labels: map[string]string{
			appLabel: app, "app.kubernetes.io/instance": app + "-production", "app.kubernetes.io/part-of": "shop",
			"app.kubernetes.io/version": fmt.Sprintf("2.%d.0", workload), "pod-template-hash": hash,
		},
		Annotations: map[string]string{
			"checksum/config": digest("config", workload),
			"cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
			"kubectl.kubernetes.io/restartedAt":              "2026-05-28T20:26:40Z",
			"prometheus.io/path":                             "/metrics",
			"prometheus.io/port":                             "9090",
			"prometheus.io/scrape":                           "true",
		},
		OwnerReferences: []metav1.OwnerReference{{
			APIVersion: "apps/v1", Kind: "ReplicaSet", Name: app + "-" + hash, UID: uid("replicaset", workload),
			Controller: ptr.To(true), BlockOwnerDeletion: ptr.To(true),
		}},
		ManagedFields: []metav1.ManagedFieldsEntry{
			{
				Manager: "kube-controller-manager", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1",
				FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(controllerFields),
			},
			{
				Manager: "kubelet", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Subresource: "status",
				FieldsType: "FieldsV1",
			},
		},
	}}
	mounts := []corev1.VolumeMount{
		{MountPath: "/var/run/secrets/kubernetes.io/serviceaccount", ReadOnly: true},
		{Name: "config", MountPath: "/etc/shop", ReadOnly: true},
		{Name: "tmp", MountPath: "/tmp"},
	}
	p.Spec = corev1.PodSpec{
		Volumes: []corev1.Volume{
			{VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
				DefaultMode: ptr.To[int32](0o644),
				Sources: []corev1.VolumeProjection{
					{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: ptr.To[int64](3607), Path: "token"}},
					{ConfigMap: &corev1.ConfigMapProjection{
						LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
						Items:                []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}},
					}},
					{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{
						Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"},
					}}}},
				},
			}}},
			{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: app + "-config"}, DefaultMode: ptr.To[int32](0o644),
			}}},
			{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		},
		InitContainers: []corev1.Container{{
			Name: "migrate", Image: image, ImagePullPolicy: corev1.PullIfNotPresent, Command: []string{"/bin/shop", "migrate"},
			Resources: requirements("100m", "128Mi", "256Mi"), VolumeMounts: mounts,
			TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile,
		}},
		Containers: []corev1.Container{
			{
				Name: "app", Image: image, ImagePullPolicy: corev1.PullIfNotPresent,
				Args: []string{"--listen=:8080", "--metrics=:9090", "--config=/etc/shop/config.yaml", "--log-format=json"},
				Env: []corev1.EnvVar{
					{Name: "POD_NAME", ValueFrom: fieldRef("metadata.name")},
					{Name: "POD_NAMESPACE", ValueFrom: fieldRef("metadata.namespace")},
					{Name: "DATABASE_URL", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
						LocalObjectReference: corev1.LocalObjectReference{Name: app + "-database"}, Key: "url",
					}}},
					{Name: "LOG_LEVEL", Value: "info"},
					{Name: "OTEL_EXPORTER_OTLP_ENDPOINT", Value: "http://collector.observability.svc.cluster.local:4317"},
					{Name: "OTEL_SERVICE_NAME", Value: app},
				},
				Ports: []corev1.ContainerPort{
					{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP},
					{Name: "metrics", ContainerPort: 9090, Protocol: corev1.ProtocolTCP},
				},
				Resources: requirements("500m", "512Mi", "1Gi"), VolumeMounts: mounts,
				LivenessProbe: probe("/healthz", 10), ReadinessProbe: probe("/readyz", 5),
				TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile,
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: ptr.To(false), ReadOnlyRootFilesystem: ptr.To(true), RunAsNonRoot: ptr.To(true),
					Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				},
			},
			{
				Name: "proxy", Image: "registry.example/mesh/proxy:1.30.1", ImagePullPolicy: corev1.PullIfNotPresent,
				Args:      []string{"sidecar", "--concurrency=2"},
				Ports:     []corev1.ContainerPort{{Name: "proxy", ContainerPort: 15090, Protocol: corev1.ProtocolTCP}},
				Resources: requirements("50m", "64Mi", "128Mi"), VolumeMounts: mounts,
				TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile,
			},
		},
		RestartPolicy: corev1.RestartPolicyAlways, TerminationGracePeriodSeconds: ptr.To[int64](30), DNSPolicy: corev1.DNSClusterFirst,
		ServiceAccountName: app, DeprecatedServiceAccount: app, SchedulerName: corev1.DefaultSchedulerName,
		SecurityContext: &corev1.PodSecurityContext{FSGroup: ptr.To[int64](2000), RunAsUser: ptr.To[int64](1000)},
		Affinity: &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{Weight: 100, PodAffinityTerm: corev1.PodAffinityTerm{
				LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{appLabel: app}}, TopologyKey: corev1.LabelHostname,
			}}},
		}},
		Tolerations: []corev1.Toleration{
			{Key: corev1.TaintNodeNotReady, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr.To[int64](300)},
			{Key: corev1.TaintNodeUnreachable, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr.To[int64](300)},
		},
		Priority: ptr.To[int32](0), EnableServiceLinks: ptr.To(true), PreemptionPolicy: ptr.To(corev1.PreemptLowerPriority),
	}
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, QOSClass: corev1.PodQOSBurstable}
	for _, condition := range []corev1.PodConditionType{"PodReadyToStartContainers", corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled} {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: condition, Status: corev1.ConditionTrue})
	}
	p.Status.InitContainerStatuses = []corev1.ContainerStatus{containerStatus("migrate", image)}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{containerStatus("app", image), containerStatus("proxy", "registry.example/mesh/proxy:1.30.1")}
	return p
}

func containerStatus(name, image string) corev1.ContainerStatus {
	return corev1.ContainerStatus{Name: name, Image: image, ImageID: image + "@sha256:" + digest(image), Ready: true, Started: ptr.To(true)}
}

func requirements(cpu, memory, memoryLimit string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(memoryLimit)},
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)},
	}
}

func fieldRef(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: path}}
}

func probe(path string, period int32) *corev1.Probe {
	return &corev1.Probe{
		ProbeHandler:   corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromString("http"), Scheme: corev1.URISchemeHTTP}},
		TimeoutSeconds: 1, PeriodSeconds: period, SuccessThreshold: 1, FailureThreshold: 3,
	}
}

// The fields that those who write pods own.
const (
	controllerFields = `{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{},"f:prometheus.io/path":{},"f:prometheus.io/port":{},"f:prometheus.io/scrape":{}},"f:generateName":{},"f:labels":{".":{},"f:app.kubernetes.io/instance":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},"f:app.kubernetes.io/version":{},"f:pod-template-hash":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"8f3c2b1a-5d4e-4f6a-9b8c-7d6e5f4a3b2c\"}":{}}},"f:spec":{"f:affinity":{".":{},"f:podAntiAffinity":{".":{},"f:preferredDuringSchedulingIgnoredDuringExecution":{}}},"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:args":{},"f:env":{".":{},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},"f:livenessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},"f:periodSeconds":{}},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},"f:resources":{".":{},"f:limits":{},"f:requests":{}},"f:volumeMounts":{}}},"f:dnsPolicy":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{}}}`
	kubeletFields    = `{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Initialized\"}":{".":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},"f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"%s\"}":{".":{},"f:ip":{}}},"f:startTime":{}}}`
)
