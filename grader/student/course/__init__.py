"""What the terminal knows of this course."""
