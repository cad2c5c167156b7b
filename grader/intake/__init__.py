"""From files to a Submission, in two halves: `collect` and `receive` are trusted, `parse` runs behind the wall."""
