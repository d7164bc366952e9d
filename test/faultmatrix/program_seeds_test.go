package faultmatrix

// programSeeds are programs by what they are about: bugs of other informers, by their number in RELIABILITY.md, and what was
// once wrong with this one.
var programSeeds = map[string]program{
	"a quiet life": {
		{"create", 1}, {"start an informer", 0}, {"create", 2}, {"update", 1}, {"wait", 3}, {"delete", 2}, {"wait", 6}, {"recreate", 1},
	},
	"R1 a list after a broken watch goes back in time": {
		{"churn", 7}, {"start an informer", 0}, {"churn", 7}, {"wait", 2}, {"be a replica that is behind", 7}, {"break connections", 0}, {"churn", 3},
	},
	"R2 too large resource version": {
		{"churn", 7}, {"start an informer", 0}, {"churn", 3}, {"wait", 2}, {"stop the server", 0}, {"churn", 3}, {"compact", 0},
		{"say that versions are too large", 2}, {"start the server", 0}, {"wait", 4},
	},
	"R4 a short read is resumed": {
		{"create", 0}, {"end a watch within an event", 60}, {"start an informer", 0}, {"update", 0}, {"wait", 2}, {"update", 0}, {"wait", 4},
	},
	"R5 a refused watch is not a hot loop": {
		{"refuse requests", 192}, {"start an informer", 0}, {"wait", 4}, {"create", 3}, {"wait", 4},
	},
	"R6 an error event stands for a change": {
		{"create", 0}, {"send strange events", 4}, {"start an informer", 0}, {"update", 0}, {"wait", 4}, {"delete", 0},
	},
	"R7 an event without an object": {
		{"create", 0}, {"send strange events", 12}, {"start an informer", 0}, {"delete", 0}, {"wait", 4},
	},
	"R12 half-open connections": {
		{"create", 0}, {"start an informer", 0}, {"wait", 2}, {"lose what connections carry", 0}, {"update", 0}, {"delete", 0}, {"wait", 6},
	},
	"R13 a request without an answer": {
		{"create", 0}, {"delay a request", 3}, {"start an informer", 0}, {"update", 0}, {"wait", 6},
	},
	"R18 stopped while it backs off": {
		{"refuse requests", 194}, {"start an informer", 0}, {"wait", 3}, {"stop the informer", 0}, {"start an informer", 0},
	},
	"P1 changed while a list comes": {
		{"create", 0}, {"create", 1}, {"start an informer", 0}, {"wait", 1}, {"change something before requests", 3}, {"end watches with 410", 0},
		{"break connections", 0}, {"delete", 0}, {"recreate", 1}, {"wait", 4},
	},
	"P2 deleted before the first list was handled": {
		{"create", 0}, {"add a handler that blocks", 0}, {"start an informer", 0}, {"add a handler that blocks", 0}, {"delete", 0},
		{"end watches with 410", 0}, {"compact", 0}, {"break connections", 0}, {"wait", 4}, {"release handlers", 0},
	},
	"P6 handlers come while it starts": {
		{"churn", 7}, {"start an informer", 32}, {"add a handler", 1}, {"add a handler", 129}, {"remove a handler", 128}, {"wait", 3}, {"remove a handler", 1},
	},
	"P7 a late handler": {
		{"churn", 7}, {"start an informer", 0}, {"wait", 2}, {"add a handler", 0}, {"churn", 3}, {"stop the informer", 0}, {"add a handler", 0},
	},
	"X4 an index is added while objects change": {
		{"churn", 7}, {"start an informer", 0}, {"write in the background", 7}, {"add an index", 0}, {"wait", 2}, {"add an index", 1}, {"add an index", 0}, {"wait", 3},
	},
	"F2 deleted between list and watch": {
		{"create", 0}, {"create", 2}, {"change something before requests", 67}, {"start an informer", 0}, {"wait", 3},
	},
	"a page that is gone": {
		{"churn", 7}, {"churn", 7}, {"forget history before requests", 1}, {"start an informer", 16}, {"wait", 4},
	},
	"out of the selector and back": {
		{"create", 0}, {"start an informer", 2}, {"update", 160}, {"wait", 1}, {"stop the server", 0}, {"update", 224}, {"update", 128}, {"delete", 0},
		{"create", 0}, {"compact", 0}, {"start the server", 0}, {"wait", 4},
	},
	"a finalizer": {
		{"create", 224}, {"start an informer", 0}, {"delete", 224}, {"wait", 1}, {"break connections", 0}, {"release", 224}, {"wait", 4},
	},
	"everything twice": {
		{"send events twice", 0}, {"churn", 5}, {"start an informer", 0}, {"churn", 7}, {"wait", 3}, {"churn", 7}, {"break connections", 0},
	},
	"two informers, one of which stops": {
		{"churn", 7}, {"start an informer", 0}, {"start an informer", 4}, {"stop the informer", 0}, {"send clients away", 3}, {"churn", 7}, {"break connections", 0}, {"wait", 4},
	},
}
