from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.narrative import read_narrative


def test_numbers_without_words_are_no_duties():
    lines = ["一、部门主要职能", "（一）", "（二）负责示例工作。", "（三）"]
    paragraphs = [Paragraph(text, Locator(line=n)) for n, text in enumerate(lines, start=1)]
    assert [duty.text for duty in read_narrative(paragraphs, 2025).duties] == ["负责示例工作。"]
