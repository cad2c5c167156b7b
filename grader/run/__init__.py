"""One grading run: from the paths that were given to the files of a results folder."""
