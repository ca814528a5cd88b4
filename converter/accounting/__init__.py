"""What became of every cell, and of the figures of the text."""
