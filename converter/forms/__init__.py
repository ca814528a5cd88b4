"""Performance forms, project forms and contact lists -> typed model. `read_forms` is all that other code calls."""

from budgetgraph.converter.forms.reading import Forms, read_forms

__all__ = ["Forms", "read_forms"]
