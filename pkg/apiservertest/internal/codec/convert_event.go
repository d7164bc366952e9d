package codec

import (
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
)

// eventFromCore writes an event under the names of group events.k8s.io.
func eventFromCore(from *corev1.Event, to *eventsv1.Event) {
	in := from.DeepCopy()
	*to = eventsv1.Event{
		ObjectMeta:          in.ObjectMeta,
		EventTime:           in.EventTime,
		Series:              (*eventsv1.EventSeries)(in.Series),
		ReportingController: in.ReportingController,
		ReportingInstance:   in.ReportingInstance,
		Action:              in.Action,
		Reason:              in.Reason,
		Regarding:           in.InvolvedObject,
		Related:             in.Related,
		Note:                in.Message,
		Type:                in.Type,

		DeprecatedSource:         in.Source,
		DeprecatedFirstTimestamp: in.FirstTimestamp,
		DeprecatedLastTimestamp:  in.LastTimestamp,
		DeprecatedCount:          in.Count,
	}
}

// eventToCore is the way back.
func eventToCore(from *eventsv1.Event, to *corev1.Event) {
	in := from.DeepCopy()
	*to = corev1.Event{
		ObjectMeta:          in.ObjectMeta,
		InvolvedObject:      in.Regarding,
		Reason:              in.Reason,
		Message:             in.Note,
		Source:              in.DeprecatedSource,
		FirstTimestamp:      in.DeprecatedFirstTimestamp,
		LastTimestamp:       in.DeprecatedLastTimestamp,
		Count:               in.DeprecatedCount,
		Type:                in.Type,
		EventTime:           in.EventTime,
		Series:              (*corev1.EventSeries)(in.Series),
		Action:              in.Action,
		Related:             in.Related,
		ReportingController: in.ReportingController,
		ReportingInstance:   in.ReportingInstance,
	}
}
