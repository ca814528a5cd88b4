"""The words of forms are of the form that is asked for, mean concepts that exist, and can be added to without code."""

import pytest
import yaml

from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.forms.columns import read_header
from budgetgraph.converter.forms.rows import Piece, stitch
from budgetgraph.converter.forms.vocabulary import key, parse_vocabulary, shipped_text, vocabulary
from budgetgraph.ontology import codelists

DATA = yaml.safe_load(shipped_text())


def test_the_file_is_of_the_form_of_the_schema() -> None:
    assert parse_vocabulary(shipped_text(), "performance.yaml").level1(key("产出指标")) == "output"


def test_levels_and_periods_mean_concepts_that_exist() -> None:
    scheme = codelists.scheme("indicator")
    for level in DATA["levels"]:
        assert level["notation"] in scheme
        for below in level["below"]:
            assert list(scheme.broader(below["notation"])) == [level["notation"]]
    assert set(DATA["periods"]) == set(codelists.scheme("target-period").concepts)


def test_no_word_heads_two_kinds_of_columns() -> None:
    names = [key(name) for names in DATA["columns"].values() for name in names]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_words_of_periods_head_columns_of_values() -> None:
    words = vocabulary()
    for names in DATA["periods"].values():
        assert {words.column(key(name)) or words.subcolumn(key(name)) for name in names} == {"value"}


@pytest.mark.parametrize(
    ("heading", "horizon"),
    [
        ("项目总体目标（2024 年-2026 年）", "long"),
        ("项目总体目标", "long"),
        ("年度总体目标（2026年度）", "annual"),
        ("项目总体目标（见附表）", None),
    ],
)
def test_a_heading_of_objectives_may_name_its_years(heading: str, horizon: str | None) -> None:
    found = vocabulary().horizon(key(heading))
    assert (found and found[0]) == horizon


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("vocabulary: performance", "vocabulary: narrative", "at vocabulary: 'performance' was expected"),
        ("  unit: [", "  units: [", "at columns: 'units' is not one of"),
        ("natures: [", "natures: {", "is no YAML"),
    ],
)
def test_a_fault_is_named_with_its_place(right: str, wrong: str, message: str) -> None:
    with pytest.raises(ProfileError, match=r"mine\.yaml") as raised:
        parse_vocabulary(shipped_text().replace(right, wrong, 1), "mine.yaml")
    assert message in str(raised.value)


def test_a_column_set_is_added_as_data() -> None:
    """A form whose columns nobody has seen is read when its words are added to the file."""
    header = tuple(Cell(text, 0, column) for column, text in enumerate(["一级指标", "指标项", "本期值", "度量"]))
    before = vocabulary()
    assert read_header([stitch([Piece((header,))], before)[0].cells], before).behind_name == ("unknown",)
    text = (
        shipped_text().replace("  name: [", "  name: [指标项, ").replace("  value: [指标值", "  value: [本期值, 指标值")
    )
    after = parse_vocabulary(text.replace("  unit: [", "  unit: [度量, "), "mine.yaml")
    columns = read_header([stitch([Piece((header,))], after)[0].cells], after).columns
    assert [column.role for column in columns.values()] == ["level1", "name", "value", "unit"]
