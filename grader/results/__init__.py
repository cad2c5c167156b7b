"""A finished run: reports, exports, rubrics, and the commands that work on it."""
