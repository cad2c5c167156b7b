"""What the hidden suites compare with, and how they read text: beside the suites, and in no package that is installed."""
