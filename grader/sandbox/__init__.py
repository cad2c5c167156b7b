"""The student's side of the wall: runs the cells and answers questions. Nothing here knows a test or a right answer."""
