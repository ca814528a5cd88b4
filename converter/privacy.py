"""Personal data: which cells hold it, and how it is taken out of running text.

A budget names people as contacts: who filled in a form, who leads a project, and their telephones. Nothing of
that is needed for the figures, and linking it over thousands of documents would be a new use of it. So names,
telephone and QQ numbers never enter the model; the ledger counts what was withheld.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

#: What stands in a text where a number was.
MARK = "〔已隐去〕"

#: Heads whose cell names a person, or is how a person is reached. Compared as `_folded` gives them.
_PERSON = re.compile(
    r".{0,8}(?:负责人|联系人|填报人|填表人|制表人|经办人|审核人|复核人|责任人|申请人|主管领导|分管领导|法定代表人|法人代表"
    r"|联络员|项目经理)(?:姓名|签字|签名|签章)?(?:[及和与、/].{0,4}(?:电话|手机|联系方式))?(?:号码?)?(?:\(.{0,6}\))?|姓名"
)
_CONTACT = {
    "phone": re.compile(r".{0,6}(?:电话|手机|座机|传真)(?:号码?)?(?:\(.{0,6}\))?|联系方式"),
    "qq": re.compile(r"(?:QQ|微信)号?码?"),
    "email": re.compile(r"(?:电子)?邮箱|电子邮件|E-?MAIL"),
}

_MOBILE = r"(?<![\d.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.]|\s*[元万亿])"
_AREA = r"(?:[(（]?0\d{2,3}[)）]?[ \-－—]?)"
_LANDLINE = rf"{_AREA}?\d{{7,8}}(?:[ \-－—转]\d{{1,5}})?"
_NUMBERS = re.compile(
    rf"(?P<mobile>{_MOBILE})"
    rf"|(?P<after>(?:电\s*话|联系方式|手\s*机|座\s*机|传\s*真|Tel)[^\d\n]{{0,8}}?){_LANDLINE}(?!\d)"
    rf"|(?<![\d.])(?<!\d[A-Z]){_AREA}[ \-－—]?\d{{7,8}}(?!\d)"
    r"|(?P<qq>(?:QQ|微信)号?[码群]?\s*[:：]?\s*)\d{5,12}(?!\d)"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE | re.ASCII,
)
_PHONE = re.compile(rf"(?:{_MOBILE}|{_LANDLINE})\Z")
_BETWEEN_NAMES = re.compile(r"[、，,;；/]")
#: A word that may be a name, as far as its letters tell: two to four characters, or more around a dot.
_LIKE_A_NAME = re.compile(r"[一-鿿]{2,4}|[一-鿿]{1,8}[·•][一-鿿]{1,8}")
_INLINE = re.compile(rf"({_PERSON.pattern})\s*[:：]\s*[一-鿿]{{1,4}}(?:[·•][一-鿿]{{1,8}})?")
#: A head with its name in one cell, perhaps with more behind a blank: "项目责任人：张某某 单位（盖章）：".
_HEADED = re.compile(
    rf"\s*(?:{_PERSON.pattern})\s*[:：]\s*(?P<names>[一-鿿]{{1,4}}(?:[·•][一-鿿]{{1,8}})?(?:[、，,;；/][一-鿿]{{2,4}})*)(?=\W|\d|联系|电话|手机|填报|单位|\Z).*",
    re.DOTALL,
)


def _folded(text: str) -> str:
    return re.sub(r"\s+|[:：]\Z", "", unicodedata.normalize("NFKC", text)).upper().rstrip(":")


def personal_kind(head: str) -> str | None:
    """Return what a cell under or behind this head holds: "person_name", "phone", "qq", "email"; else None.

    >>> personal_kind("项目负责人：")
    'person_name'
    """
    folded = _folded(head)
    if _PERSON.fullmatch(folded):
        return "person_name"
    return next((kind for kind, pattern in _CONTACT.items() if pattern.fullmatch(folded)), None)


def looks_like_phone(text: str) -> bool:
    """Tell whether a cell's text is a telephone number and nothing else."""
    return _PHONE.match(text.strip()) is not None


def names_in(text: str) -> tuple[str, ...]:
    """Return the names a cell of names holds ("张某某、李某" has two); a name printed with a blank counts as one.

    >>> names_in("张某某、李 某")
    ('张某某', '李某')
    """
    names: list[str] = []
    for part in _BETWEEN_NAMES.split(text):
        own: list[str] = []
        for piece in part.split():
            if own and (len(piece) == 1 or len(own[-1]) == 1):
                own[-1] += piece
            else:
                own.append(piece)
        names += own
    return tuple(names)


def headed_names(text: str) -> tuple[str, ...]:
    """Return the names of a text that begins with their head, none for another text.

    >>> headed_names("项目责任人：张某某 单位（盖章）："), headed_names("项目责任人：")
    (('张某某',), ())
    """
    match = _HEADED.match(unicodedata.normalize("NFKC", text))
    return names_in(match["names"]) if match else ()


def redact(text: str) -> tuple[str, int]:
    """Return the text with telephone, QQ and mail addresses replaced by `MARK`, and how many there were.

    >>> redact("联系电话：00000000")
    ('联系电话：〔已隐去〕', 1)
    """
    return _NUMBERS.subn(lambda match: (match["after"] or match["qq"] or "") + MARK, text)


def personal_texts(rows: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return the cells that may name or reach a person: behind or below a head that says so, in cells of a grid.

    For what is shown of tables that nothing has read: it takes a word too many rather than a name too few.

    >>> sorted(personal_texts([["项目", "负责人", "张某某"], ["甲", "联系电话", "00000000"]]))
    ['00000000', '张某某']
    """
    found: set[str] = set()
    under: dict[int, str] = {}
    for row in rows:
        before = None
        for column, cell in enumerate(row):
            kind = personal_kind(cell)
            if kind is not None:
                under[column] = before = kind
            elif cell.strip():
                found.update(text for head in (before, under.get(column)) if head for text in _held(cell, head))
                before = None
    return frozenset(found)


def _held(cell: str, kind: str) -> Iterator[str]:
    """Yield what a cell under such a head holds, as printed and without blanks."""
    if kind != "person_name":
        if len(re.findall(r"\d", cell)) >= 5 or "@" in cell:
            yield from (cell.strip(), _folded(cell))
    elif all(_LIKE_A_NAME.fullmatch(name) for name in names_in(cell)):
        yield from (cell.strip(), _folded(cell), *names_in(cell))


def masked(text: str, personal: Iterable[str] = ()) -> str:
    """Return a text for people without numbers that reach somebody, and without the words of `personal_texts`.

    >>> masked("not known 负责人, 张某某", {"张某某"})
    'not known 负责人, 〔已隐去〕'
    """
    for word in sorted(personal, key=len, reverse=True):
        text = text.replace(word, MARK)
    return redact(_INLINE.sub(rf"\1：{MARK}", text))[0]
