// Package openapi reads the OpenAPI v3 documents of an API server, which describe what the objects of its groups and versions
// look like.
//
//	GET /openapi/v3                        ──▶ PathsWithContext    which documents there are, and where
//	GET /openapi/v3/apis/apps/v1?hash=...  ──▶ SchemaWithContext   one of them, as JSON or protobuf
//
// The address of a document has a hash of its content: as long as that stays, so does the document. Package cached keeps what
// was read. Answers are bounded in size, and an address of the server's that names another server is refused.
package openapi
