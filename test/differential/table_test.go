package differential

// Reasons that several differences have.
const (
	validation    = "what the fields of built-in kinds may hold is checked by the code of k8s.io/kubernetes, which is no library; ours knows but what clients depend on"
	internalTypes = "the text shows internal Go types of the real server"
	reviewFields  = "nobody asks who set the fields of an object that is answered but not stored"
	cbor          = "CBOR is served for tests of clients that speak it; a real server does so with a feature gate"
)

// differences are those that stay.
var differences = []difference{
	{"auth/what-every-user-may-do", []int{6, 7}, `body.metadata, body.metadata.managedFields.0`, reviewFields},
	{"auth/who-the-administrator-is", []int{2}, `body.metadata, body.metadata.managedFields.0`, reviewFields},
	{"create/a-pod-that-is-invalid", []int{1, 2, 3}, `**`, validation},
	{"create/a-deployment-that-is-invalid", []int{1, 2}, `**`, validation},
	{"create/secrets-stringdata-and-types", []int{3}, `**`, validation},
	{"discovery/the-resources-of-other-groups", []int{10}, `body.resources.0.storageVersionHash`, "the hash is of the name of the type in the storage, which is not the same for CustomResourceDefinitions"},
	{"discovery/openapi", []int{1}, `body.definitions\.io\\.k8s\\.api\\.core\\.v1\\.ConfigMap.properties.binaryData.description`, "descriptions are those of k8s.io/api v0.37, the real server is of v0.36"},
	{"list/the-cluster-s-own-objects", []int{6}, `**`, "there is no service kubernetes: a server in the process is reached by its URL alone"},
	{"patch/json-patches-that-fail", []int{12}, `body.details.causes.0.message, body.message`, "the text is of a decoder that is tried last; there, it takes the object for a Secret"},
	{"patch/merge-patches-that-fail", []int{11}, `body.details.causes.0.message, body.message`, "the text is of a decoder that is tried last; there, it takes the object for a Secret"},
	{"patch/merge-patch-replaces-lists", []int{3}, `body.details.causes.0.message, body.message`, internalTypes},
	{"representations/cbor", []int{2, 4}, `**`, cbor},
	{"representations/cbor", []int{3}, `headers.Content-Type`, cbor},
	{"subresources/status-of-a-deployment", []int{6}, `**`, validation},
	{"subresources/ephemeralcontainers", []int{4, 5, 6}, `**`, validation},
	{"subresources/resize", []int{3}, `body.details.causes.0.message, body.message`, internalTypes},
	{"subresources/resize", []int{5}, `**`, validation},
	{"subresources/approval-of-certificate-signing-requests", []int{4}, `**`, validation},
	{"subresources/token-of-a-service-account", []int{2, 3}, `body.metadata.managedFields.0`, reviewFields},
	{"subresources/log-exec-attach-proxy-and-portforward-without-a-kubelet", []int{3}, `body, headers.Content-Type, status`, "logs are canned, as there is no kubelet"},
	{"subresources/reviews-are-not-stored", []int{1}, `body.metadata.managedFields.0`, reviewFields},
	{"subresources/reviews-are-not-stored", []int{2, 3, 6}, `body.metadata, body.metadata.managedFields.0`, reviewFields},
	{"update/an-update-that-creates", []int{6}, `body.spec.limits`, "a real server stores protobuf, which makes no difference between an empty list and none"},
	{"update/immutable-fields", []int{4}, `body.details.causes.0.message, body.message`, internalTypes},
	{"crd/definitions-that-are-refused", []int{3}, `body.details.causes.0.message, body.message`, internalTypes},
	{"crd/a-table-without-printer-columns", []int{8}, `**`, cbor},
	{"crd/validation-by-the-schema", []int{10}, `headers.Warning`, "the fields of a body of another kind are not looked at: it is refused"},
}
