// Package v1 stands for what applyconfiguration-gen makes.
package v1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Meta is what each apply configuration has.
type Meta struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        struct {
		Name      string `json:"name,omitempty"`
		Namespace string `json:"namespace,omitempty"`
	} `json:"metadata"`
}

// GetName returns the name.
func (m *Meta) GetName() *string { return &m.Metadata.Name }

func newMeta(kind, name, namespace string) (m Meta) {
	m.Kind, m.APIVersion = kind, "shop.example.com/v1"
	m.Metadata.Name, m.Metadata.Namespace = name, namespace
	return m
}

// OrderApplyConfiguration has some of the fields of an Order.
type OrderApplyConfiguration struct {
	Meta   `json:",inline"`
	Spec   *OrderSpecApplyConfiguration   `json:"spec,omitempty"`
	Status *OrderStatusApplyConfiguration `json:"status,omitempty"`
}

// OrderSpecApplyConfiguration has some of the fields of an OrderSpec.
type OrderSpecApplyConfiguration struct {
	Item  *string `json:"item,omitempty"`
	Count *int32  `json:"count,omitempty"`
}

// OrderStatusApplyConfiguration has some of the fields of an OrderStatus.
type OrderStatusApplyConfiguration struct {
	Sent *int32 `json:"sent,omitempty"`
}

// Order returns the configuration of an order.
func Order(name, namespace string) *OrderApplyConfiguration {
	return &OrderApplyConfiguration{Meta: newMeta("Order", name, namespace)}
}

// ItemApplyConfiguration has some of the fields of an Item.
type ItemApplyConfiguration struct {
	Meta  `json:",inline"`
	Price *int64 `json:"price,omitempty"`
}

// Item returns the configuration of an item.
func Item(name string) *ItemApplyConfiguration {
	return &ItemApplyConfiguration{Meta: newMeta("Item", name, "")}
}
