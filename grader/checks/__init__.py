"""What suites are written with: the cell that they ask, looks at answers, pytest's plugin."""
