"""Proof that the tests are good: a bank of answers, mutants and renamings of solutions, untouched stubs, leaks."""
