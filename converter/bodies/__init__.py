"""Whose a publication, a part of it or a table is, of which year, and of how much of the budget."""
