"""The commands that work on a finished run, a module for each; `grader.cli` lists them."""
