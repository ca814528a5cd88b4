"""Validation of a publication that somebody brings: in a process of its own, bounded, nothing kept."""
