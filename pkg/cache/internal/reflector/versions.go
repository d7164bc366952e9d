package reflector

const (
	// anyVersion asks for a list of whatever version the server has at hand.
	anyVersion = "0"
	// newestVersion asks for a list as of now.
	newestVersion = ""
)
