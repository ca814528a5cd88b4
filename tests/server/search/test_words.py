"""How text is cut into words, and how a query asks for them."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.server.search.words import index_characters, index_pinyin, index_text, match_expression

TEXTS = st.text(alphabet="公务接待费支出财政局abc12 ，·（）", max_size=30)


def found(indexed: str, query: str) -> bool:
    expression = match_expression(query)
    if expression is None:
        return False
    base = sqlite3.connect(":memory:")
    base.execute('CREATE VIRTUAL TABLE word USING fts5(name, text, characters, pinyin, tokenize = "unicode61")')
    words = index_text(indexed), "", index_characters(indexed), index_pinyin(indexed)
    base.execute("INSERT INTO word VALUES (?, ?, ?, ?)", words)
    hits = base.execute("SELECT COUNT(*) FROM word WHERE word MATCH ?", [expression]).fetchone()[0]
    base.close()
    return bool(hits)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("公务接待", True),
        ("接待", True),
        ("待", True),
        ("公务 接待费", True),
        ("务待", False),
        ("接待局", False),
        ("gongwujiedaifei", True),
        ("gwjdf", True),
        ("jie dai", True),
        ("２０２１", True),
        ("20", True),
        ("21", False),
        ("费用", False),
        ('" OR name : "x', False),
        ("NEAR(公务", False),
    ],
)
def test_a_name_is_found_by(query: str, is_found: bool) -> None:
    assert found("公务接待费，2021年", query) is is_found


@given(text=TEXTS, data=st.data())
def test_any_part_of_a_run_of_chinese_is_found(text: str, data: st.DataObject) -> None:
    parts = [part for part in re.findall("[公务接待费支出财政局]+", text) if part]
    if parts:
        part = data.draw(st.sampled_from(parts))
        start = data.draw(st.integers(0, len(part) - 1))
        end = data.draw(st.integers(start + 1, len(part)))
        assert found(text, part[start:end])


@given(text=st.text(max_size=40), query=st.text(max_size=40))
def test_no_text_breaks_a_query(text: str, query: str) -> None:
    found(text, query)


def test_a_phrase_does_not_reach_over_the_end_of_a_run() -> None:
    assert not found("公务，务接", "公务接")
