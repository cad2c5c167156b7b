"""From files to a Submission, in two halves: `collect` and `receive` are trusted and parse nothing; `parse` runs walled."""
