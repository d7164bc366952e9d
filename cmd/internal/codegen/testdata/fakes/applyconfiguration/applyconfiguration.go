// Package applyconfiguration stands for what applyconfiguration-gen makes: its names, with as little behind them as the
// tests of clients need.
package applyconfiguration

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
)

// NewTypeConverter returns a converter that needs no schema.
func NewTypeConverter(*runtime.Scheme) managedfields.TypeConverter {
	return managedfields.NewDeducedTypeConverter()
}
