package unsupported

type Any struct {
	Good  string
	Value interface{}
}

type Nested struct {
	In []map[string]any
}

type Chan struct{ C chan int }

type Func struct {
	F func()
}

type KeyMap struct {
	M map[[2]string]func() error
}

type Deep struct {
	X struct{ Y interface{ M() } }
}

type Fine struct{ S []string }

type Named struct {
	A Iface
	B error
	C Copied
}

type Iface interface{ M() }

type Copied interface{ DeepCopyCopied() Copied }

type Array struct {
	A [2][]string
}
