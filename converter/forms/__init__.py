"""Performance forms, project forms and contact lists -> typed model. Other code calls what is named here alone."""

from budgetgraph.converter.forms.reading import Forms, of_department, read_forms

__all__ = ["Forms", "of_department", "read_forms"]
