// +k8s:deepcopy-gen=package
package fromc

import "C"

type A struct {
	Number C.int
}
