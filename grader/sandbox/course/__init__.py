"""What is done on the student's side for checks of this course."""
