"""The front page: which body, which year, budget or final account."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.labels import fold

_YEAR = re.compile(r"(20\d{2})年?度?")
_TITLE = re.compile(
    r"(?P<name>.*?)(?P<year>20\d{2})年?度?(?P<same>.*?)"
    r"(?P<kind>部门预算|单位预算|部门综合预算|预算公开|部门决算|单位决算|决算公开|部门收支预算|预算|决算)"
)
_FINAL = "决算"
#: A body's name on a line of its own above the title is no longer than this, and no heading of the contents.
_LONGEST_NAME = 50
_NO_NAME = re.compile(r"目录|^第.{1,3}部分|^[一二三四五六七八九十]+、|[。；;:：]$|^附件|单位[:：]")


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page says. `name` is None where it names no body."""

    title: str
    name: str | None
    fiscal_year: int
    kind: str  # "budget" | "final_account"
    phase: str  # notation of the scheme phase


def read_front(paragraphs: Sequence[Paragraph], table_titles: Sequence[str]) -> Front | None:
    """Return what the first lines say, else what the titles of the tables agree on, else None.

    The body's name stands before the year, or on the line above it.
    """
    for index, paragraph in enumerate(paragraphs[:40]):
        match = _TITLE.match(fold(paragraph.text))
        if not match or len(fold(paragraph.text)) > 80:
            continue
        name = match["name"] or _name_above(paragraphs[:index])
        final = match["kind"].endswith((_FINAL, _FINAL + "公开"))
        title = paragraph.text if match["name"] or not name else f"{name} {paragraph.text}"
        return Front(title, name, int(match["year"]), *(("final_account", "final") if final else ("budget", "budget")))
    years = {int(m.group(1)) for title in table_titles if (m := _YEAR.search(fold(title)))}
    if len(years) != 1:
        return None
    final = any(_FINAL in title for title in table_titles)
    year = years.pop()
    kind, phase = ("final_account", "final") if final else ("budget", "budget")
    return Front(f"{year} 年部门{'决算' if final else '预算'}", None, year, kind, phase)


def _name_above(paragraphs: Sequence[Paragraph]) -> str | None:
    for paragraph in reversed(paragraphs[-3:]):
        text = paragraph.text.strip()
        if len(text) <= _LONGEST_NAME and not _NO_NAME.search(fold(text)) and not _YEAR.search(text):
            return text
    return None
