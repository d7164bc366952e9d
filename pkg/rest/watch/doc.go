// Package watch encodes and decodes the events of a watch stream with the serializers of apimachinery: the event, whose
// framing a streaming serializer knows, and the object within it.
//
//	watch.Event ── Encoder ──▶ metav1.WatchEvent ── streaming.Encoder ──▶ stream ── streaming.Decoder ──▶ Decoder ──▶ watch.Event
//
// Clients read events with Request.Watch of package rest, which bounds what a server may send; this package is for servers,
// tests, and programs that bring a stream of their own.
package watch
