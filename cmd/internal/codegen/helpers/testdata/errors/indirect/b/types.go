package b

type B struct{ C Sea }

func unused(x Undefined) { more.Undefined() }
