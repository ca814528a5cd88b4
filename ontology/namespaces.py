"""The vocabulary's terms as Python names; a typo raises AttributeError."""

CODE_BASE = "https://w3id.org/budgetgraph/id/code/"
