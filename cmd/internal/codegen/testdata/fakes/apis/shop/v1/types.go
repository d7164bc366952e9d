package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Order has a status, and additional methods that apply.
//
// +genclient
// +genclient:method=ApplyPlain,verb=apply
// +genclient:method=ApplyItem,verb=apply,subresource=first-item,input=Item,result=Order
// +genclient:method=ApplyOther,verb=apply,result=k8s.io/api/autoscaling/v1.Scale
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Order struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   OrderSpec   `json:"spec"`
	Status OrderStatus `json:"status,omitempty"`
}

// OrderSpec is what is ordered.
type OrderSpec struct {
	Item  string `json:"item"`
	Count int32  `json:"count"`
}

// OrderStatus is what has become of it.
type OrderStatus struct {
	Sent int32 `json:"sent"`
}

// OrderList is a list of Orders.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type OrderList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Order `json:"items"`
}

// Item has no lists, and no status.
//
// +genclient
// +genclient:nonNamespaced
// +genclient:onlyVerbs=get,delete,apply
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Item struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Price int64 `json:"price"`
}

// Receipt cannot be applied, and the items of its list are pointers.
//
// +genclient
// +genclient:skipVerbs=apply,applyStatus
// +resourceName=slips
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Receipt struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Status OrderStatus `json:"status,omitempty"`
}

// ReceiptList is a list of Receipts.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ReceiptList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []*Receipt `json:"items"`
}
