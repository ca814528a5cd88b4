"""Letters and numbers of columns."""

from budgetgraph.converter.readers.sheet_columns import MAXIMUM_COLUMNS, column_name, column_number


def test_letters_name_the_columns_that_they_are_the_names_of():
    assert [column_number(column_name(column)) for column in range(MAXIMUM_COLUMNS)] == list(range(MAXIMUM_COLUMNS))
