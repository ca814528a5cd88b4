"""Raised digits: the marks of footnotes, which stand behind numbers and are no part of them."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """Return a text that is printed as superscript, its digits as such.

    >>> raised("1"), raised("[2]")
    ('¹', '[²]')
    """
    return text.translate(_RAISED)
