"""Tables of other bodies in a publication: 分单位 tables of its units, and those of another department in one file.

The title or the line above a table says whose it is. That counts only where a table of the same kind is there that is
not of that body: titles are wrong, too, and call the department by many names.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from budgetgraph.converter.captions import Caption
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts import Match
from budgetgraph.converter.organisations import fold_name
from budgetgraph.converter.table_labels import body_named, is_body_name
from budgetgraph.converter.unit_rows import is_own

#: What a title says the table is of; a body stands before it.
_SUBJECT = re.compile(
    r"(?:部门|单位|预算|综合|本级)*(?:收支|收入|支出|财务|财政拨款|一般公共预算|政府性基金|基金预算|国有资本|三公|基本支出|项目支出|政府采购|机关运行)"
)
_YEAR = re.compile(r"20\d{2}年?度?")
_PUBLICATION = re.compile(
    r"(?:第.{1,3}部分|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))?(?P<name>\D{4,40})(?:20\d{2}年?度?(?:部门|单位)(?:综合)?(?:预算|决算)"
    r"(?:信息)?(?:公开)?(?:情况)?(?:编制)?(?:说明|报告|报表|表)?|(?:部门|单位)(?:预算|决算)(?:公开)?(?:报表|表))\Z"
)


def titled_body(text: str) -> str:
    """Return the body of a line that is the title of a publication, or of a part of one that is one body's; else "".

    >>> titled_body("某某县审计局2023年部门预算"), titled_body("2023年部门预算"), titled_body("部门预算2023年")
    ('某某县审计局', '', '')
    >>> titled_body("二、某某县档案馆单位决算表"), titled_body("所属单位决算表"), titled_body("部门决算表")
    ('某某县档案馆', '', '')
    """
    found = _PUBLICATION.match(fold(text))
    return found["name"] if found and is_body_name(found["name"]) else ""


def named_body(caption: Caption) -> str:
    """Return the body that the title of a table, or the line above it, names; "" where none does."""
    title = fold(caption.title.text) if caption.title else ""
    found = _SUBJECT.search(title)
    words = _YEAR.sub("", title[: found.start()]).strip("-:、") if found else ""
    if is_body_name(words):
        return words
    return next((name for line in caption.lines if (name := body_named(line.text)) and is_body_name(name)), "")


def other_bodies(found: Sequence[tuple[str, Caption, object]], own: Collection[str]) -> list[str]:
    """Return for each table the body whose it is, "" for the publication's own.

    found  the body of the last title of a publication before the table; the table's caption and match
    own    folded names of the publication's body
    """
    names = [_of_another(named_body(caption) or titled, own) for titled, caption, _ in found]
    kinds = [(m.spec.kind, m.spec.fund) if isinstance(m, Match) else None for *_, m in found]
    bodies: dict[object, set[str]] = defaultdict(set)
    for name, kind in zip(names, kinds, strict=True):
        bodies[kind].add(name)
    return [name if kind and len(bodies[kind]) > 1 else "" for name, kind in zip(names, kinds, strict=True)]


def _of_another(name: str, own: Collection[str]) -> str:
    """Return the name unless it is one of the body's own: whole, without its place, with it, or without (本级)."""
    folded = fold_name(name)
    same = any(folded.endswith(each) or each.startswith(folded) for each in own)
    return "" if not own or same or is_own(name, own) else name
