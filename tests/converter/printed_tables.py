"""A table of each kind that the profiles know, written from what they say: titles, headers, rows.

What a profile says is not a whole table, so several are made of it, with the columns and rows that each way of reading
needs. What cannot be read is no fault here: the tests ask that each kind is read in one of them at least.
"""

YEAR = 2024
_CODES = {"functionalClass": ("201", "20103", "2010301"), "economicClass": ("301", "30101", "30102")}
_LEFT = {"code": "科目编码", "label": "科目名称"}
