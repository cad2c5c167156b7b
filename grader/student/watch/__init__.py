"""`playground watch`: checks an exercise each time its file is saved, in a fork of a process that is warm already."""
