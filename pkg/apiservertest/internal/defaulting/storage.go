package defaulting

import (
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

func storageClass(c *storagev1.StorageClass) {
	pointTo(&c.ReclaimPolicy, corev1.PersistentVolumeReclaimDelete)
	pointTo(&c.VolumeBindingMode, storagev1.VolumeBindingImmediate)
}

func csiDriver(d *storagev1.CSIDriver) {
	spec := &d.Spec
	pointTo(&spec.AttachRequired, true)
	pointTo(&spec.PodInfoOnMount, false)
	pointTo(&spec.StorageCapacity, false)
	pointTo(&spec.FSGroupPolicy, storagev1.ReadWriteOnceWithFSTypeFSGroupPolicy)
	pointTo(&spec.RequiresRepublish, false)
	pointTo(&spec.SELinuxMount, false)
	if len(spec.VolumeLifecycleModes) == 0 {
		spec.VolumeLifecycleModes = []storagev1.VolumeLifecycleMode{storagev1.VolumeLifecyclePersistent}
	}
}
