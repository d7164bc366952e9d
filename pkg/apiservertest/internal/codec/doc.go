// Package codec turns objects into bytes and bytes into objects, as kube-apiserver does: media types, versions, strictness, tables.
//
//	Accept ────────▶ Negotiate ──▶ Representation ─┐
//	                                               ▼
//	object of the storage ──▶ Convert ──▶ Object | List | Events.Frame ──▶ bytes
//	                             │                 ▲
//	                             └── encode ──▶ cache: bytes of (object, version, form)
//
//	body, Content-Type ──▶ Decode ──▶ object of the target's version, warnings
//
// The life of an answer:
//
//  1. Negotiate reads the Accept header: JSON, YAML, protobuf or CBOR; pretty or not; the object itself, a Table or its metadata.
//  2. The object is converted to the version that was asked for. Objects of built-in resources have Go types, and say no apiVersion and kind: these are
//     added while they are written.
//  3. The bytes of the object are made once for each form and kept for a while, since a list repeats what watches have sent, and each watch what others
//     send. Lists and events are put together from them.
//
// Differences from kube-apiserver v1.36, each for the sake of smallness but the first:
//
//   - CBOR, which is behind a feature gate there, is always accepted. Error texts do not name it.
//   - Versions of built-in kinds are converted by the names of their fields (Convert): what only one of them has is lost, but for autoscaling and events.
//   - Group versions that the scheme does not have, such as apps/v1beta1, are refused as unknown ones.
//   - Tables of less known kinds (columns.json does not have them) show names and the time of creation, as those of kinds without printers do there.
//   - A watch for PartialObjectMetadataList sends metadata; there it sends nothing.
//
// Objects that are written must not change afterwards: they are known by their identity.
package codec
