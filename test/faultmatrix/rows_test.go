package faultmatrix

// rows are those of the fault matrix that are about informers. What each must hold beyond the invariants is said at its cases.
var rows = []row{
	{1, "server restart, history kept", restarts},
	{2, "server restart, history compacted", compactions},
	{3, "410 in the middle of a watch", expiries},
	{5, "too large resource version", tooLarge},
	{8, "connection reset at any byte", resets},
	{9, "answer ends at any byte", ends},
	{28, "deletion during a disconnection", lostDeletes},
	{29, "deletion and recreation during a disconnection", recreations},
	{30, "object leaves or enters a selector", selectors},
	{36, "handler calls the informer", reentrancies},
}
