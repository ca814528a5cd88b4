"""The grammar of published values: every kind of string that publications print, with what is expected of it.

`targets.csv` has a line for each string, or one for each part of a string that states several targets. Beside the
string stand the unit and comparator of columns of their own, where there are any.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.budget import TargetValue
from budgetgraph.converter.forms.dates import parse_period
from budgetgraph.converter.forms.several import parse_targets
from budgetgraph.converter.forms.targets import QUALITATIVE, parse_target
from budgetgraph.converter.forms.units import units

TABLE = Path(__file__).with_name("targets.csv")

Line = dict[str, str]


def cases() -> Iterator[list[Line]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for _, same in groupby(lines, key=lambda line: (line["text"], line["column_unit"], line["column_comparator"])):
        yield list(same)


CASES = list(cases())


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def expected(line: Line) -> dict[str, object]:
    return {
        "kind": {"text only": "qualitative"}.get(line["kind"], line["kind"]),
        "comparator": line["comparator"] or None,
        "implied": line["implied"] == "implied",
        "value": number(line["value"]),
        "upper_value": number(line["upper"]),
        "unit": line["unit"],
        "minimum": number(line["minimum"]),
        "maximum": number(line["maximum"]),
        "normalised_unit": line["normalised"] or None,
        "start": line["start"] or None,
        "end": line["end"] or None,
    }


@pytest.mark.parametrize("lines", CASES, ids=lambda lines: "/".join([*list(lines[0].values())[:3]]))
def test_value(lines: list[Line]) -> None:
    first = lines[0]
    found = parse_targets(first["text"], first["column_unit"], first["column_comparator"])
    assert [printed for printed, _ in found] == [line["part"] or line["text"].strip() for line in lines]
    for line, (_, parsed) in zip(lines, found, strict=True):
        wanted = expected(line)
        assert {name: getattr(parsed, name) for name in wanted} == wanted
        if line["value"]:  # the number comes out with the digits that are printed
            assert str(parsed.value) == line["value"]


@pytest.mark.parametrize("text", ["≥" + "9" * 40 + "万元", "1" * 19, "≤1," + "000," * 8 + "000元"])
def test_digits_without_end_are_text(text: str) -> None:
    assert parse_target(text) == QUALITATIVE


def test_the_table_has_all_kinds() -> None:
    assert len(CASES) >= 250
    kinds = [lines[0]["kind"] for lines in CASES]
    assert {kind: kinds.count(kind) >= least for kind, least in MINIMUM.items()} == dict.fromkeys(MINIMUM, True)
    assert sum(len(lines) > 1 for lines in CASES) >= 6


MINIMUM = {"quantitative": 150, "dated": 25, "completeness": 5, "text only": 80}


@pytest.mark.parametrize("text", ["", "  ", "工作 一线 单位", "及时\n完成"])
def test_what_does_not_parse_as_a_whole_is_text(text: str) -> None:
    assert parse_target(text) == QUALITATIVE


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("补贴对象生活改善度不低于80%", "补贴对象生活改善度"),
        ("开展至少1次集中培训", "开展"),
        ("可控性100%", "可控性"),
        ("达到95%以上", ""),
        ("≥95%", ""),
        ("温度14-24℃", "温度"),
    ],
)
def test_words_before_the_number_are_what_it_is_of(text: str, subject: str) -> None:
    assert parse_target(text).subject == subject


SIGNS = {
    "ge": ["≥", ">=", "不低于", "至少"],
    "le": ["≤", "<=", "不超过"],
    "gt": [">", "超过"],
    "lt": ["<"],
    "eq": ["="],
}


@given(
    comparator=st.sampled_from(sorted(SIGNS)),
    sign=st.integers(0, 3),
    value=st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=2),
    separators=st.booleans(),
    unit=st.sampled_from([*sorted(units().words), ""]),
    blank=st.sampled_from(["", " "]),
)
def test_composed_values_come_back(
    comparator: str, sign: int, value: Decimal, separators: bool, unit: str, blank: str
) -> None:
    signs = SIGNS[comparator]
    text = f"{value:,}" if separators else f"{value}"
    parsed = parse_target(f"{signs[sign % len(signs)]}{blank}{text}{blank}{unit}")
    if unit and parsed == QUALITATIVE:  # a word that is no unit behind a number: "3月" is a date, 3级 a rank
        assert unit in {"月", "年", "年度"} or "月" in unit or "季" in unit
        return
    assert (parsed.comparator, parsed.value, parsed.implied) == (comparator, value, False)
    known = units().find(unit)
    bounds = [bound for bound in (parsed.minimum, parsed.maximum) if bound is not None]
    assert bounds
    assert all(bound == value * (known.factor if known else 1) for bound in bounds)


def printed(target: TargetValue) -> str:
    """Print a target in the plainest way: comparator, number, unit; both ends of a range or period."""
    if target.kind == "dated":
        sign = "=" if target.comparator == "eq" else ""  # 12月 alone may be a span of time
        ends = [spelt(end) for end in (target.start, target.end) if end]
        return sign + "至".join(ends if target.comparator == "between" else dict.fromkeys(ends)) + {
            "le": "止", "lt": "前", "ge": "起", "gt": "后", "eq": "", "between": "",
        }[target.comparator or ""]  # fmt: skip
    if target.comparator == "between":
        return f"{target.subject}{target.value}{target.unit}至{target.upper_value}{target.unit}"
    sign = "" if target.implied else SIGNS[target.comparator or ""][0]
    return f"{target.subject}{sign}{target.value}{target.unit}"


def spelt(date: str) -> str:
    year, month, day = [*date.replace("--", "-").split("-"), "", ""][:3]
    return "".join(f"{part.lstrip('0')}{name}" for part, name in zip((year, month, day), "年月日", strict=True) if part)


def test_printing_a_target_and_reading_it_again_changes_nothing() -> None:
    stable = 0
    for lines in CASES:
        for _, target in parse_targets(lines[0]["text"], lines[0]["column_unit"], lines[0]["column_comparator"]):
            if target.kind in {"quantitative", "dated"}:
                again = parse_target(printed(target))
                assert replaced(again) == replaced(target), printed(target)
                stable += 1
    assert stable > 170


def replaced(target: TargetValue) -> tuple[object, ...]:
    """Return what a target says, without how it said that it is "eq"."""
    return tuple(getattr(target, name) for name in TargetValue.__slots__ if name != "implied")


WORDS = """
≥ ≤ >= 不低于 不少于 至少 控制在 ± 达到 完成率 满意度 1 12 100 2,000 98.50 % (%) 次 人 万元 元/人*月 /10万人
以上 以内 内 (含)以上 - -- 至 ， , 、 ； 2023年 12月 31日 底前 前 2023.07 2024.01 全年 提升 ＝ 二 ★
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_reading_is_stable_for_any_composition(text: str) -> None:
    for part, target in parse_targets(text):
        assert part in text
        if target.kind in {"quantitative", "dated"}:
            assert replaced(parse_target(printed(target))) == replaced(target)


@given(st.text(max_size=20), st.text(max_size=4), st.text(max_size=4))
def test_no_string_raises(text: str, unit: str, comparator: str) -> None:
    assert parse_targets(text, unit, comparator)
    parse_period(text)


@given(
    st.text(alphabet="0123456789.,%≥≤<>=-~±()次天小时万元以上不低于至少内、，/ 年月", max_size=14)
    | st.lists(PIECES, max_size=6).map("".join)
)
def test_no_number_comes_out_that_is_not_printed(text: str) -> None:
    for _, parsed in parse_targets(text):
        for value in (parsed.value, parsed.upper_value):
            if value is not None:
                digits = "".join(c for c in text if c.isdigit() or c == ".")
                assert f"{abs(value)}" in digits.lstrip("0") or f"{abs(value)}" in digits or value == 0
        if parsed.minimum is not None and parsed.maximum is not None:
            assert parsed.minimum <= parsed.maximum
        for date in filter(None, (parsed.start, parsed.end)):
            assert all(part.lstrip("0") in text for part in date.split("-"))
