"""For students in a terminal: pytest's plugin, and the commands that help."""
