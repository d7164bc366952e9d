package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// CronTab runs an image at the times that a cron expression names.
//
// +genclient
// +genclient:method=GetScale,verb=get,subresource=scale,result=k8s.io/api/autoscaling/v1.Scale
// +genclient:method=UpdateScale,verb=update,subresource=scale,input=k8s.io/api/autoscaling/v1.Scale,result=k8s.io/api/autoscaling/v1.Scale
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CronTab struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   CronTabSpec   `json:"spec"`
	Status CronTabStatus `json:"status,omitempty"`
}

// CronTabSpec is what the author of a CronTab wants.
type CronTabSpec struct {
	// CronSpec says when to run, in the five fields of cron(5).
	CronSpec string `json:"cronSpec"`
	// Image is the container image to run.
	Image string `json:"image"`
	// Replicas is how many run at a time. Default 1.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
	// ClassName names the CronTabClass with the defaults for this one.
	// +optional
	ClassName string `json:"className,omitempty"`
}

// CronTabStatus is what a controller has seen of a CronTab.
type CronTabStatus struct {
	// Replicas is how many run now.
	// +optional
	Replicas int32 `json:"replicas,omitempty"`
	// LabelSelector selects the pods of this CronTab, in the form that the
	// scale subresource hands to autoscalers.
	// +optional
	LabelSelector string `json:"labelSelector,omitempty"`
}

// CronTabList is a list of CronTabs.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CronTabList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []CronTab `json:"items"`
}

// CronTabClass holds the defaults of the CronTabs that name it. It belongs to
// the cluster and has no status.
//
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CronTabClass struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec CronTabClassSpec `json:"spec"`
}

// CronTabClassSpec is what the CronTabs of a class have in common.
type CronTabClassSpec struct {
	// TimeZone is the time zone of every CronSpec, as the IANA database names
	// it. Default UTC.
	// +optional
	TimeZone string `json:"timeZone,omitempty"`
	// MaxReplicas bounds the replicas of each CronTab. Zero is no bound.
	// +optional
	MaxReplicas int32 `json:"maxReplicas,omitempty"`
}

// CronTabClassList is a list of CronTabClasses.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type CronTabClassList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []CronTabClass `json:"items"`
}
