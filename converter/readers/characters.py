"""What print says of characters beside which they are: raised, crossed out, or not there at all."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Stands behind a character that is crossed out.
_STROKE = "\u0336"
#: Characters without width: where a line may break or must not, which way a text runs, marks of byte order.
_NO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\ufeff"))


def raised(text: str) -> str:
    """Return a text that is printed as superscript, its digits as such: marks of footnotes are no part of a number.

    >>> raised("1"), raised("[2]")
    ('¹', '[²]')
    """
    return text.translate(_RAISED)


def struck(text: str) -> str:
    """Return a text that is printed crossed out, each character as such: whether it counts, nobody can say.

    >>> [ascii(character) for character in struck("12")]
    ["'1'", "'\\\\u0336'", "'2'", "'\\\\u0336'"]
    """
    return "".join(character if character.isspace() else character + _STROKE for character in text)


def visible(text: str) -> str:
    """Return a text without characters that have no width: "1,465.28" with one in it is a number all the same."""
    return text if text.isascii() else text.translate(_NO_WIDTH)
