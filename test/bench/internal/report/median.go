// Package report has what the reports of all measurements have: where and of what they are, and medians.
package report

import "slices"

// Median returns the middle of values, or the mean of the two that are. It changes their order.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}
