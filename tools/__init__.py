"""What instructors run: build, verify, bundle, models, bench."""
