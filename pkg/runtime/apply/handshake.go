package apply

// SupportsGeneratedCode1 is for generated apply configurations what the constant of that name in package runtime is for
// clients. It is here because apply configurations do without clients.
const SupportsGeneratedCode1 = true
