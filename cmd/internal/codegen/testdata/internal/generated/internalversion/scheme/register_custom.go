package scheme

import "k8s.io/apimachinery/pkg/runtime"

// ExtraInstall is called by Install: this file is written by hand.
func ExtraInstall(*runtime.Scheme) {}
