"""Tables of other bodies in a publication: 分单位 tables of its units, and those of another department in one file.

The title or the line above a table says whose it is. That counts for a unit that the publication lists; for others only
where a table of the same kind is there that is not of that body: titles are wrong, too, and call the department by many
names.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.bodies.part_titles import OFFICE, PartTitle
from budgetgraph.converter.extraction.units.unit_rows import HEADQUARTERS, is_own
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.signatures import Match
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.layouts.table_labels import body_named, is_body_name

#: What a title says the table is of; a body stands before it.
_SUBJECT = re.compile(
    r"(?:部门|单位|预算|综合|本级)*(?:收支|收入|支出|财务|财政拨款|一般公共预算|政府性基金|基金预算|国有资本|三公|基本支出|项目支出|政府采购|机关运行|"
    r"人员|(?:国有|固定)?资产|公务用车|车辆|转移支付|绩效)"
)
_YEAR = re.compile(r"20\d{2}年?度?")
#: The department's own office in the title of a table: "部门支出总表（本级）", "局本级支出总表".
_OFFICE = re.compile(
    r"\((?:局|委|厅|部门|单位)?(?:本级|机关|本部)\)\Z|\A(?:20\d{2}年?度?)?(?:[局委厅]|部门|单位|机关)本级"
)
_OFFICE_NAME = "（本级）"
_WIDE = str.maketrans("()", "（）")
#: Roles of the columns that have units.
_UNITS = frozenset(("unit", "unit-label"))


def named_body(caption: Caption) -> str:
    """Return the body that the title of a table, or the line above it, names; "" where none does."""
    title = fold(caption.title.text) if caption.title else ""
    before = (_YEAR.sub("", title[: found.start()]).strip("-:、") for found in _SUBJECT.finditer(title))
    if name := next(filter(is_body_name, before), ""):  # not 云岭市 of 云岭市国有资产监督管理局收支总表
        return name
    return next((name for line in caption.lines if (name := body_named(line.text)) and is_body_name(name)), "")


def other_bodies(
    files: Sequence[Sequence[tuple[PartTitle, Caption, object]]],
    own: Collection[str],
    name: str,
    units: Collection[str],
) -> Iterator[list[str]]:
    """Yield for each file the body of each of its tables, "" for the publication's own.

    files  for each table: the title of the part in which it stands, its caption and match
    own    folded names of the publication's body
    name   that of the front page where it is a department's
    units  folded names of the units that the publication lists
    """
    found = [each for file in files for each in file]
    office = f"{name}{_OFFICE_NAME}" if name and not HEADQUARTERS.search(name) else ""
    named = [OFFICE if _says_office(caption) else named_body(caption) or titled.body for titled, caption, _ in found]
    for place, (titled, caption, _) in enumerate(found):
        if office and titled.unit and titled.body and is_bodys(titled.body, own) and is_bodys(named_body(caption), own):
            named[place] = OFFICE  # 单位预算 of a department is that of its office
    others = ["" if is_bodys(each, own) else office if each == OFFICE else each for each in named]
    short = {each for each in others if is_short_name(each, own)}
    names = ["" if len(short) == 1 and each in short else each for each in others]
    kinds = [(m.spec.kind, m.spec.fund) if isinstance(m, Match) else None for *_, m in found]
    bodies: dict[object, set[str]] = defaultdict(set)
    for body, kind in zip(names, kinds, strict=True):
        bodies[kind].add(body)
    several = set().union(*(each for kind, each in bodies.items() if kind and len(each) > 1))
    listed = [
        bool(name and (named_body(c) or titled.phase)) and is_own(b, units)
        for (titled, c, _), b in zip(found, names, strict=True)
    ]
    is_sure = [kind and (listed[i] or names[i] in several) for i, kind in enumerate(kinds)]
    rest = iter([(body, body if sure else "") for body, sure in zip(names, is_sure, strict=True)])
    for file in files:
        said, sure = zip(*islice(rest, len(file)), strict=True) if file else ((), ())
        # a file whose tables are all of one other body is that body's, where the publication has other files
        yield list(said if len(files) > 1 and len(set(said)) == 1 else sure)


def units_in_columns(tables: Iterable[tuple[Match, Stitched]], own: Collection[str]) -> Iterator[str]:
    """Yield the units that stand in the columns of units of tables; the body itself and its office are none.

    own  folded names of the publication's body
    """
    for match, table in tables:
        columns = [index for _, columns in match.panes for column, index in columns if column.role in _UNITS]
        names = (row[index].text.strip() for row in table.grid.rows for index in columns)
        yield from (
            name for name in names if is_body_name(name) and not is_bodys(name, own) and not is_office(name, own)
        )


def unit_named(body: str, units: Iterable[str], own: Collection[str]) -> str | None:
    """Return the unit, or the body's own office, that a name is of, with its place or without; None where none is.

    units  names as printed
    own    folded names of the publication's body
    """
    names = {fold_name(name): name for name in units}
    if is_office(body, own):
        office = next((name for name in names.values() if is_office(name, own)), body.translate(_WIDE))
        return names.get(fold_name(body), office)
    found = [name for folded, name in names.items() if is_own(body, {folded})]
    return names.get(fold_name(body), found[0] if len(found) == 1 else None)


def is_bodys(name: str, own: Collection[str]) -> bool:
    """Tell whether a name is one of the body's own: whole, without its place, with it, or without (本级).

    >>> is_bodys("测绘服务局", {"云岭市测绘服务局"}), is_bodys("云岭市测绘服务局(本级)", {"云岭市测绘服务局"})
    (True, False)
    """
    folded = fold_name(name)
    if not own or not folded or is_own(name, own):
        return True
    if name == OFFICE:
        return any(HEADQUARTERS.search(each) for each in own)
    return any(folded.endswith(each) or (each.startswith(folded) and HEADQUARTERS.search(each)) for each in own)


def is_short_name(name: str, own: Collection[str]) -> bool:
    """Tell whether a name may be a short one of the body: its characters in their order, with the same end.

    >>> is_short_name("市测绘局", {"云岭市测绘服务局"}), is_short_name("市地图院", {"云岭市测绘服务局"})
    (True, False)
    """
    folded = fold_name(name)
    return bool(folded) and any(each[-1] == folded[-1] and _is_within(folded, each) for each in own)


def _is_within(short: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in short)


def is_office(name: str, own: Collection[str]) -> bool:
    """Tell whether a name is that of the body's own office: its name with 本级 or 机关 behind it.

    >>> is_office("云岭市测绘服务局机关", {"云岭市测绘服务局"}), is_office("云岭市机关", {"云岭市测绘服务局"})
    (True, False)
    """
    folded = fold_name(name)
    found = HEADQUARTERS.search(folded)
    return found is not None and is_own(folded[: found.start()].rstrip("("), own)


def _says_office(caption: Caption) -> bool:
    return caption.title is not None and _OFFICE.search(fold(caption.title.text)) is not None
