package runtime

// SupportsGeneratedCode1 is named by generated code that needs version 1 of
// this runtime, so that it does not compile against a module that is too old.
// When generated code begins to need something new of any package of this
// module, its generator names a new constant; the old ones stay for as long as
// their code is supported.
//
// Version 1 is what generated code needs at the first release. Before that,
// code is generated and compiled at the same commit, and nothing is promised.
const SupportsGeneratedCode1 = true
