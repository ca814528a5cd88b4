"""Questions that people ask again and again: a form, a REST path and a query each, from one file."""
