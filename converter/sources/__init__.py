"""What is given -> publications: files in folders and archives, which of them belong together, what is said twice."""
