package runtime

// SupportsGeneratedCode1 is named by generated code that needs version 1 of
// this runtime, so that it does not compile against a module that is too old.
// When generated code begins to need something new, its generator names a new
// constant; the old ones stay for as long as their code is supported.
const SupportsGeneratedCode1 = true
