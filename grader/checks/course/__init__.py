"""What suites of this course share: knowledge of its exercises, and of nothing else."""
