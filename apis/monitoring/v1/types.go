package v1

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Prometheus is a Prometheus server that the operator runs.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Prometheus struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   PrometheusSpec   `json:"spec"`
	Status PrometheusStatus `json:"status,omitempty"`
}

// PrometheusSpec is what the author of a Prometheus wants.
type PrometheusSpec struct {
	// Version of Prometheus to run. Default: the operator's choice.
	// +optional
	Version string `json:"version,omitempty"`
	// Replicas is the number of pods that scrape the same targets.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
	// Retention is how long samples are kept, for example "15d".
	// +optional
	Retention string `json:"retention,omitempty"`
	// ServiceMonitorSelector selects ServiceMonitors by label. Nil selects
	// none, an empty selector selects all.
	// +optional
	ServiceMonitorSelector *metav1.LabelSelector `json:"serviceMonitorSelector,omitempty"`
	// Resources are the requests and limits of each pod.
	// +optional
	Resources corev1.ResourceRequirements `json:"resources,omitempty"`
	// ExternalLabels are added to every sample that leaves the server.
	// +optional
	ExternalLabels map[string]string `json:"externalLabels,omitempty"`
}

// PrometheusStatus is what the operator has seen of a Prometheus.
type PrometheusStatus struct {
	// Paused says that the operator leaves this Prometheus alone.
	Paused bool `json:"paused"`
	// Replicas is the number of pods, ready or not.
	Replicas int32 `json:"replicas"`
	// AvailableReplicas is the number of pods that are ready.
	AvailableReplicas int32 `json:"availableReplicas"`
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// PrometheusList is a list of Prometheuses.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type PrometheusList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Prometheus `json:"items"`
}

// ServiceMonitor says how to scrape the endpoints of a set of services.
//
// +genclient
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ServiceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec ServiceMonitorSpec `json:"spec"`
}

// ServiceMonitorSpec selects services and describes their endpoints.
type ServiceMonitorSpec struct {
	// JobLabel names the label of a service whose value becomes the job label
	// of its metrics.
	// +optional
	JobLabel string `json:"jobLabel,omitempty"`
	// Endpoints of each service to scrape.
	Endpoints []Endpoint `json:"endpoints"`
	// Selector selects services by label.
	Selector metav1.LabelSelector `json:"selector"`
	// NamespaceSelector says where to look for services. Default: the
	// namespace of the ServiceMonitor.
	// +optional
	NamespaceSelector NamespaceSelector `json:"namespaceSelector,omitempty"`
}

// Endpoint is one port of a service that serves metrics.
type Endpoint struct {
	// Port is the name of the port of the service.
	// +optional
	Port string `json:"port,omitempty"`
	// Path of the metrics. Default /metrics.
	// +optional
	Path string `json:"path,omitempty"`
	// Scheme is http or https. Default http.
	// +optional
	Scheme string `json:"scheme,omitempty"`
	// Interval between scrapes, for example "30s". Default: that of the server.
	// +optional
	Interval string `json:"interval,omitempty"`
	// Params are the query parameters of each scrape.
	// +optional
	Params map[string][]string `json:"params,omitempty"`
}

// NamespaceSelector selects namespaces by name.
type NamespaceSelector struct {
	// Any selects all namespaces and overrules MatchNames.
	// +optional
	Any bool `json:"any,omitempty"`
	// MatchNames lists the namespaces.
	// +optional
	MatchNames []string `json:"matchNames,omitempty"`
}

// ServiceMonitorList is a list of ServiceMonitors.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ServiceMonitorList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []ServiceMonitor `json:"items"`
}
