package endpoint

import (
	"net/url"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// convertLogOptions reads the parameters of a log.
func convertLogOptions(values url.Values, o *corev1.PodLogOptions) error {
	o.Container = values.Get("container")
	for name, into := range map[string]*bool{
		"follow": &o.Follow, "previous": &o.Previous, "timestamps": &o.Timestamps, "insecureSkipTLSVerifyBackend": &o.InsecureSkipTLSVerifyBackend,
	} {
		value := values.Get(name)
		*into = values.Has(name) && value != "false" && value != "0"
	}
	for name, into := range map[string]**int64{"sinceSeconds": &o.SinceSeconds, "tailLines": &o.TailLines, "limitBytes": &o.LimitBytes} {
		if !values.Has(name) {
			continue
		}
		n, err := strconv.ParseInt(values.Get(name), 10, 64)
		if err != nil {
			return apierrors.NewBadRequest(err.Error())
		}
		*into = &n
	}
	if text := values.Get("sinceTime"); text != "" {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return apierrors.NewBadRequest(err.Error())
		}
		since := metav1.NewTime(t)
		o.SinceTime = &since
	}
	if stream := values.Get("stream"); stream != "" {
		o.Stream = &stream
	}
	return nil
}
