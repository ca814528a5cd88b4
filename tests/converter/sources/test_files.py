"""What the files of a publication say together: one title page, one body, one year."""

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import Document
from budgetgraph.converter.readers.text import blocks
from budgetgraph.converter.recognition import Outline, outline
from budgetgraph.converter.sources.files import one_front

TABLE = "{year}年部门收入总表\n部门：示例区档案局 单位：万元\n总计\t5.00\n一、一般公共预算收入\t5.00\n"


def file(text: str) -> Outline:
    document = Document("a.txt", text.encode(), "text/plain", tuple(blocks(text)))
    assert isinstance(document.blocks[-1], Grid)
    return outline(document)


def test_a_title_page_goes_before_the_given_title():
    front = one_front([file("示例区统计局2021年部门预算\n" + TABLE.format(year=2021))], "示例区档案局2021年单位预算")
    assert front
    assert (front.name, front.scope) == ("示例区统计局", "department")


def test_the_given_title_goes_before_what_the_tables_say_together():
    front = one_front([file(TABLE.format(year=2021))], "示例区档案局2021年单位预算")
    assert front
    assert (front.name, front.scope, front.title) == ("示例区档案局", "unit", "示例区档案局2021年单位预算")


def test_a_given_title_without_body_leaves_the_body_to_the_tables():
    front = one_front([file(TABLE.format(year=2021))], "2021年单位预算")
    assert front
    assert (front.name, front.scope) == ("示例区档案局", "unit")


def test_a_given_title_of_another_year_does_not_count():
    front = one_front([file(TABLE.format(year=2021))], "示例区档案局2022年单位预算")
    assert front
    assert (front.fiscal_year, front.scope) == (2021, "department")


def test_tables_of_another_year_are_of_another_publication():
    with pytest.raises(SourceError, match="of 2022"):
        one_front([file(TABLE.format(year=2021)), file(TABLE.format(year=2022))], None)
