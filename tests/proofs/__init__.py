"""Long trials and benchmarks, one module each; modules that begin with an underscore help them.

A proof's docstring says in its first line what it shows. Its `main(arguments)` does the work on a database of
its own, prints a line of figures at the end, returns an exit status, and takes `--short` for its short form.
"""
