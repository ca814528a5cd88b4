"""Labels that number a table: 表二, 公开01表, 公开表1-1, 附表3; and lines that say whose it is and of what year."""

import re

from budgetgraph.converter.amounts import MULTIPLIERS
from budgetgraph.converter.labels import fold

_DIGITS = "零一二三四五六七八九"
_CHINESE = r"[一二三四五六七八九十]{1,3}"
_ARABIC = r"\d{1,2}(?:-\d{1,2})?"
_BEFORE_NUMBER = "(?:财政|财决|财预|部预|部门|单位|预算|决算|批复|公开|附)*"
_LABEL = rf"{_BEFORE_NUMBER}表(?:{_CHINESE}|{_ARABIC})|{_BEFORE_NUMBER}{_ARABIC}表"
_WHOLE = re.compile(rf"(?:{_LABEL})\Z")
#: A label that stands in the line of the title with nothing between: "公开01表收支预算总表", "...总表(表1-2)".
_BEFORE = re.compile(rf"({_LABEL})(?![\d-])(?=\D{{4}})(.*表.*)\Z")
_AFTER = re.compile(rf"(.+表(?:\([^()]*\))?)\(?({_LABEL})\)?\Z")
_BODY = re.compile(
    r"(?:编制|公开|预算|决算|填报|填表|编报|主管)*(?:部门|单位)(?:\((?:部门|单位|公章|盖章)\))?(?:名称|编码|代码)?(?:\((?:公章|盖章)\))?:"
)
_NAME = re.compile(
    r".{2}(?:局|委|办|部|院|会|厅|室|中心|站|所|处|校|大学|学院|中学|小学|高中|公司|林场|农场|馆|队|社|府|署|司|街道|镇|乡|机关|台|库|组|园|本级|本部|\(本级\)|\(机关\))\Z"
)
_OF_YEAR = re.compile(r"(?:(?:预算|决算|会计)?年度?:(?:20\d{2}年?度?)?|\(?20\d{2}年度?\)?)\Z")
#: A year in a line with the body or the unit: 预算年度：2024　单位：万元. A day (填报日期：2024年1月5日) is none.
_YEAR_IN_LINE = re.compile(r"(?:年度:(20\d{2})|(?:\A|[^\d:])\(?(20\d{2})年度\)?(?=\Z|(?:金额|资金|计量)?单位:))")
#: A body with its code in front: "920某镇财政所", "[101001]某局".
_CODE_AND_BODY = re.compile(r"[\[(]?\d{3,9}[\])]?-?[^\W\d]{3,40}\Z")
#: What stands behind a body in the line above a table; a code may stand before it.
_BEHIND = re.compile(r"^[\d\[\]_-]*|(?:(?:预算|会计)?年度:.*|20\d{2}年.*|\(?(?:金额|资金|计量)?单位:.*)\Z")
_BETWEEN = re.compile(r"[\s:：、.．]+")
_SHORTEST_TITLE = 4
_ATTACHMENT = re.compile(r"附[件表][\d一二三四五六七八九十]*:?\Z")


def is_label(text: str) -> bool:
    """Tell whether a line is a table's label and nothing else."""
    return _WHOLE.match(fold(text)) is not None


def is_attachment(text: str) -> bool:
    """Tell whether a line only counts the attachments of a publication.

    >>> is_attachment("附件8"), is_attachment("附表："), is_attachment("附件2 支出总表")
    (True, True, False)
    """
    return _ATTACHMENT.match(fold(text)) is not None


def names_body(text: str) -> bool:
    """Tell whether a line or cell above a table says whose it is, or of what year, and nothing else.

    >>> names_body("部门：某局"), names_body("预算年度：2025"), names_body("部门收支总表")
    (True, True, False)
    """
    folded = fold(text)
    return bool(_BODY.match(folded) or _OF_YEAR.match(folded))


def year_named(text: str) -> int | None:
    """Return the year that a line above a table says it is of, None where it says none.

    >>> year_named("预算年度：2025"), year_named("2023年度　单位：万元"), year_named("填报日期：2023年12月5日")
    (2025, 2023, None)
    """
    found = _YEAR_IN_LINE.search(fold(text))
    return int(found.group(1) or found.group(2)) if found else None


def is_body_name(name: str) -> bool:
    """Tell whether a name is like a body's: "某某局", "某某中心"."""
    return _NAME.search(fold(name)) is not None


def body_named(text: str) -> str:
    """Return the body that a line above a table names behind 部门： or 单位名称：, "" where it names none.

    >>> body_named("编制部门：某某局    单位：万元"), body_named("单位：万元")
    ('某某局', '')
    """
    found = _BODY.match(fold(text))
    name = fold(text)[found.end() :] if found else ""
    return "" if name in MULTIPLIERS else _BEHIND.sub("", name).strip("-")


def names_body_by_code(text: str) -> bool:
    """Tell whether a cell is a body with its code in front, as stands beside a unit line above a table."""
    return _CODE_AND_BODY.match(fold(text)) is not None


def split_label(text: str) -> tuple[str, str] | None:
    """Return label and title of a line that holds both, as printed; None when it does not.

    >>> split_label("公开 01 表：收支预算总表"), split_label("“三公”经费表（公开09表）"), split_label("收支预算总表")
    (('公开 01 表', '收支预算总表'), ('公开09表', '“三公”经费表'), None)

    >>> split_label("表公共预算安排的经费预算表")  # 一般公共预算, folded: no 表一
    """
    for gap in _BETWEEN.finditer(text):
        label, title = text[: gap.start()].strip(), text[gap.end() :].strip()
        if is_label(label) and "表" in title and len(fold(title)) >= _SHORTEST_TITLE:
            return label, title
    folded = fold(text)
    if (found := _BEFORE.match(folded)) and (end := printed_length(text, found.group(1))):
        return text[:end].strip(), text[end:].strip()
    if (found := _AFTER.match(folded)) and (end := printed_length(text, found.group(1))):
        return text[end:].strip(" \t\u3000()（）"), text[:end].strip()
    return None


def printed_length(text: str, folded: str) -> int:
    """Return how many characters of a text its first folded characters are."""
    return next((end for end in range(len(text) + 1) if fold(text[:end]) == folded), 0)


def label_number(label: str) -> str | None:
    """Return the number in a label, "1-2" for a table of a table.

    >>> label_number("表十二"), label_number("公开01表"), label_number("公开表3-2"), label_number("附件")
    ('12', '1', '3-2', None)
    """
    text = fold(label)
    if not is_label(text):
        return None
    if digits := re.search(_ARABIC, text):
        return "-".join(str(int(part)) for part in digits.group().split("-"))
    found = re.search(_CHINESE, text)
    tens, has_ten, ones = (found.group() if found else "").partition("十")
    if not has_ten:
        return str(_DIGITS.index(tens)) if len(tens) == 1 else None
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))
