package v1

// What generated clients call.
var (
	SchemeGroupVersion = 0
	AddToScheme        = 0
	Resource           = 0
)
