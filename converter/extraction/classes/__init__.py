"""Rows and columns of classes: functions, economic classes, natures of expenditure, sources of revenue."""
