// +k8s:conversion-gen=example.com/not/there
package conversion
