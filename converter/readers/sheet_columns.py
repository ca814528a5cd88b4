"""Columns of a sheet: their letters and their numbers, which count from 0."""

#: The most columns that a sheet can have (XFD).
MAXIMUM_COLUMNS = 16_384


def column_name(column: int) -> str:
    """Return the letters of a column.

    >>> column_name(0), column_name(27), column_name(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the column that letters from A to Z name, also one beyond the last that a sheet can have.

    >>> column_number("A"), column_number("AB"), column_number("XFD")
    (0, 27, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
