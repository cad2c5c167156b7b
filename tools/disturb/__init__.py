"""Whatever stands around a right answer: changes that leave it right, and the proof that no verdict hangs on them."""
