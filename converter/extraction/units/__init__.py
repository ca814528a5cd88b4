"""Rows of units: whose figures a row has."""
