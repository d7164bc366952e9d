package defaulting

import (
	resourcev1 "k8s.io/api/resource/v1"
	resourcev1alpha3 "k8s.io/api/resource/v1alpha3"
)

func resourceClaim(c *resourcev1.ResourceClaim) { deviceRequests(c.Spec.Devices.Requests) }

func resourceClaimTemplate(t *resourcev1.ResourceClaimTemplate) {
	deviceRequests(t.Spec.Spec.Devices.Requests)
}

func deviceRequests(requests []resourcev1.DeviceRequest) {
	for i := range requests {
		if exactly := requests[i].Exactly; exactly != nil {
			deviceCount(&exactly.AllocationMode, &exactly.Count)
			deviceTolerations(exactly.Tolerations)
		}
		for j := range requests[i].FirstAvailable {
			alternative := &requests[i].FirstAvailable[j]
			deviceCount(&alternative.AllocationMode, &alternative.Count)
			deviceTolerations(alternative.Tolerations)
		}
	}
}

func deviceCount(mode *resourcev1.DeviceAllocationMode, count *int64) {
	to(mode, resourcev1.DeviceAllocationModeExactCount)
	if *mode == resourcev1.DeviceAllocationModeExactCount {
		to(count, 1)
	}
}

func deviceTolerations(list []resourcev1.DeviceToleration) {
	for i := range list {
		to(&list[i].Operator, resourcev1.DeviceTolerationOpEqual)
	}
}

func resourcePoolStatusRequest(r *resourcev1alpha3.ResourcePoolStatusRequest) {
	pointTo(&r.Spec.Limit, resourcev1alpha3.ResourcePoolStatusRequestLimitDefault)
}
