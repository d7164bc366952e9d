package defaults

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

const Here = "here"

type A struct {
	metav1.TypeMeta

	// +default={"broken"
	Broken string
	// +default="x"
	// +default="y"
	Twice string
	// +default=text
	Unquoted string
	// +default=ref(Here)
	Right string
	// +default=ref(Gone)
	Gone string
	// +default=ref(k8s.io/apimachinery/pkg/apis/meta/v1.NamespaceDefalt)
	Misspelled string
	// +default=ref(example.com/not/there.Name)
	NotThere string
}
