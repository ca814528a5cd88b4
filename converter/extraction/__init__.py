"""The cells of a table whose kind is known -> figures with keys and places."""
