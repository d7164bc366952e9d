package defaulting

import corev1 "k8s.io/api/core/v1"

// fileMode is that of files in volumes: 0644.
const fileMode = int32(0o644)

// tokenSeconds is how long a service account's token in a volume is valid.
const tokenSeconds = int64(3600)

func volume(v *corev1.VolumeSource) {
	switch {
	case *v == corev1.VolumeSource{}:
		v.EmptyDir = &corev1.EmptyDirVolumeSource{}
	case v.HostPath != nil:
		hostPath(v.HostPath)
	case v.Secret != nil:
		pointTo(&v.Secret.DefaultMode, fileMode)
	case v.ConfigMap != nil:
		pointTo(&v.ConfigMap.DefaultMode, fileMode)
	case v.DownwardAPI != nil:
		pointTo(&v.DownwardAPI.DefaultMode, fileMode)
		downwardAPI(v.DownwardAPI.Items)
	case v.Projected != nil:
		projected(v.Projected)
	case v.Ephemeral != nil:
		if v.Ephemeral.VolumeClaimTemplate != nil {
			claimSpec(&v.Ephemeral.VolumeClaimTemplate.Spec)
		}
	case v.Image != nil:
		to(&v.Image.PullPolicy, pullPolicy(v.Image.Reference))
	case v.ISCSI != nil:
		to(&v.ISCSI.ISCSIInterface, "default")
	case v.RBD != nil:
		rbd(&v.RBD.RBDPool, &v.RBD.RadosUser, &v.RBD.Keyring)
	case v.AzureDisk != nil:
		azureDisk(v.AzureDisk)
	case v.ScaleIO != nil:
		scaleIO(&v.ScaleIO.StorageMode, &v.ScaleIO.FSType)
	}
}

func downwardAPI(files []corev1.DownwardAPIVolumeFile) {
	for i := range files {
		fieldRef(files[i].FieldRef)
	}
}

func projected(p *corev1.ProjectedVolumeSource) {
	pointTo(&p.DefaultMode, fileMode)
	for _, source := range p.Sources {
		if source.ServiceAccountToken != nil {
			pointTo(&source.ServiceAccountToken.ExpirationSeconds, tokenSeconds)
		}
		if source.DownwardAPI != nil {
			downwardAPI(source.DownwardAPI.Items)
		}
	}
}

func hostPath(h *corev1.HostPathVolumeSource) { pointTo(&h.Type, corev1.HostPathUnset) }

func rbd(pool, user, keyring *string) {
	to(pool, "rbd")
	to(user, "admin")
	to(keyring, "/etc/ceph/keyring")
}

func azureDisk(d *corev1.AzureDiskVolumeSource) {
	pointTo(&d.CachingMode, corev1.AzureDataDiskCachingReadWrite)
	pointTo(&d.Kind, corev1.AzureSharedBlobDisk)
	pointTo(&d.FSType, "ext4")
	pointTo(&d.ReadOnly, false)
}

func scaleIO(mode, fsType *string) {
	to(mode, "ThinProvisioned")
	to(fsType, "xfs")
}

func persistentVolume(v *corev1.PersistentVolume) {
	to(&v.Status.Phase, corev1.VolumePending)
	spec := &v.Spec
	to(&spec.PersistentVolumeReclaimPolicy, corev1.PersistentVolumeReclaimRetain)
	pointTo(&spec.VolumeMode, corev1.PersistentVolumeFilesystem)
	quantities(spec.Capacity)
	switch {
	case spec.HostPath != nil:
		hostPath(spec.HostPath)
	case spec.ISCSI != nil:
		to(&spec.ISCSI.ISCSIInterface, "default")
	case spec.RBD != nil:
		rbd(&spec.RBD.RBDPool, &spec.RBD.RadosUser, &spec.RBD.Keyring)
	case spec.AzureDisk != nil:
		azureDisk(spec.AzureDisk)
	case spec.ScaleIO != nil:
		scaleIO(&spec.ScaleIO.StorageMode, &spec.ScaleIO.FSType)
	}
}

func persistentVolumeClaim(c *corev1.PersistentVolumeClaim) {
	to(&c.Status.Phase, corev1.ClaimPending)
	claimSpec(&c.Spec)
}

func claimSpec(spec *corev1.PersistentVolumeClaimSpec) {
	pointTo(&spec.VolumeMode, corev1.PersistentVolumeFilesystem)
	quantities(spec.Resources.Limits)
	quantities(spec.Resources.Requests)
}
