// Package check says whether informers have told the truth. It gets what really happened on the server and all that was
// seen of the informers, as plain data, and returns what contradicts the invariants I1 to I18 of the fault matrix.
//
//	history of the server ──▶ History ──▶ View of one informer ─┐
//	calls of handlers, snapshots, requests, errors ──▶ Informer ┴─▶ Run.Check ──▶ []Violation
//
// A View has, for each key, the states that the informer may show, in order, and the states of the whole collection, one
// after the other. What an informer shows of a key has to be some of the states in that order (I2, I4, I6); what a List
// shows has to be one state of the whole (I18). A backup that is restored is one more step of the same history, in which
// many keys change at once: so going back is allowed exactly there, and nowhere else.
//
// What clients read and wrote beside the informers is checked on its own, by CheckOperations (I16, I17). I15 is about leaders,
// and there are none here.
//
// One file checks one or two invariants, and its test has a planted violation for each thing that it can say.
package check
