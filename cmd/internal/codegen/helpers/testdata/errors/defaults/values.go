package defaults

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

type Level string

type Values struct {
	metav1.TypeMeta

	// +default="x"
	Number int
	// +default=1.5
	Whole *int32
	// +default=300
	Small uint8
	// +default=3
	Text string
	// +default=1
	Level Level
	// +default="true"
	Flag bool
	// +default="x"
	List []string
	// +default=[1]
	Texts []string
	// +default=[]
	Labels map[string]string
	Nested struct {
		// +default=true
		Inner int64
	}

	// Those that are right.

	// +default=3
	RightNumber int
	// +default=0.5
	RightFraction *float64
	// +default="x"
	RightLevel Level
	// +default="1h"
	RightDuration metav1.Duration
	// +default="YQ=="
	RightBytes []byte
	// +default=["a"]
	RightList []Level
	// +default={"a":{"b":1}}
	RightMap map[string]map[string]int
	// +default=null
	RightNothing *int
}
