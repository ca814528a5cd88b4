"""Grid -> the table that it prints: page turns joined, header rows read, its kind told by header words and captions."""
