// Package v1 is input.
//
// +groupName=two.example.com
// +groupGoName=Two
package v1
