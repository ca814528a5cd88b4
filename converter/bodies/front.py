"""The front page: which body, which year, budget or final account."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.labels import fold

_YEAR = re.compile(r"(20\d{2})年?度?")
_OWN_YEAR = re.compile(r"20\d{2}(?=年)")
_TITLE = re.compile(
    r"(?!.*(?<!公开)表(?:\([^()]*\))?$)"  # a table, not the publication
    r"(?!.*(?<!公开)(?<!门预算)(?<!位预算)(?<!门决算)(?<!位决算)表(?:\([^()]*\))?\.(?i:[a-z]{2,4})$)"  # or its file
    r"(?P<name>.*?)(?P<year>20\d{2})年?度?(?P<same>.*?)"
    r"(?P<kind>部门预算|单位预算|部门综合预算|预算公开|部门决算|单位决算|决算公开|部门收支预算|预算|决算)"
)
_FINAL, _BUDGET = "决算", "预算"
#: Execution of the budget beside the account of it, in one title.
_EXECUTED = re.compile(r"(?:预算)?执行情况[和及与、]*(?:部门|单位)?决算|决算[和及与、]*(?:预算)?执行情况")
#: Budgets that tables of final accounts name too.
_FUNDS = re.compile(r"(?:一般公共|政府性?基金|国有资本经营|基金)预算")
#: Files that a page links to come last.
_FILE = re.compile(r"\.[A-Za-z]{2,4}\s*\Z")
#: What stands before a title: where a page is, a day, a label, "附件1：", "[公开]", "关于", the number of a heading.
_BEFORE = re.compile(
    r"\s*(?:.*[>»›]|20\d{2}年\d{1,2}月\d{1,2}日|附[件表][\d一二三四五六七八九十]*[:：、.．]?|[\[【][^\]】]*[\]】]|[^:：\d]{1,12}[:：](?=.*20\d{2})"
    r"|关于(?:公开|公布|报送|印发|批复)?(?=.*20\d{2})"
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、．](?!\d))\s*"
)
#: ... and between its name and its year: "某某局关于2023年部门预算公开的说明".
_ABOUT = re.compile(r"关于(?:公开|公布)?$")
#: A year in words: 二〇二三年.
_DIGITS = "〇一二三四五六七八九"
_ZERO = {"○": "〇", "零": "〇"}
_YEAR_IN_WORDS = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
#: Years of a title that are not its own: a range, a date in brackets or behind it.
_ASIDE = re.compile(r"20\d{2}年?[-~—至]20\d{2}年|\(20\d{2}年\d{1,2}月[^()]*\)|20\d{2}年\d{1,2}月(?:\d{1,2}日)?\Z")
#: No title: the heading of a part ("第二部分 2022年度决算情况说明"), a sentence ("现将某局2022年预算公开如下："), or an
#: aside: "(2018部门预算公开)".
_NO_TITLE = re.compile(r"^第[一二三四五六七八九十]{1,2}部分|[,。;]|:$|^\([^()]*\)$")
#: A body's name on a line of its own above the title is no longer than this, and no heading of the contents.
_LONGEST_NAME = 50
_NO_NAME = re.compile(
    r"目录|^第.{1,3}部分|^[一二三四五六七八九十]+、|[。；;:：]$|^附件|单位[:：]|(?:经费|情况|说明|公开|公示|公告|表)(?:\([^()]*\))?$|^(?:公开)?表|^注"
)
#: A line of its own that names the body: "预算主管部门：某某局".
_LABELLED_NAME = re.compile(
    r"(?:预算主管部门|主管部门|预算单位|部门名称|单位名称|公开部门|公开单位)[:：](?P<name>.{2,50}?)"
    r"(?:(?:20\d{2}年度?)?(?:资金|金额)?单位[:：].*)?\Z"
)
_SUPERIOR = "主管部门"
#: A body's name with its code before it, or in brackets.
_CODED = re.compile(r"(?:\d{3,9}|[\[【]\d{3,9}[\]】])[-_—\s]*(?=[^\d\s])|[(（](?=[^()（）]+[)）]\Z)")
#: The sentence that opens a text on the duties of a body: "某某局的主要职责是：".
_DUTIES = re.compile(
    r"(?:\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)?"
    r"(?P<name>[^,。;:、\d()]{1,40}?(?:\(本级\))?)的?(?:主要|工作)?(?:职责|职能|任务)(?:是|为|包括|有|如下|:)"
)
#: What is no name of the body: its party committee, an office within, a unit, or words before a name.
_NO_BODY = re.compile("党组|党委|[下所直]属|内设|根据|按照|依据|[我该各]|本(?!溪)|^[局厅委院]")
_LABEL_WITHIN = 3
#: The title stands within so many lines, and is no longer than this.
_TITLE_WITHIN, _LONGEST_TITLE = 40, 80
#: A title that is broken behind its year: "某某街道办事处 2025" and "年度部门决算".
_ENDS_IN_YEAR = re.compile(r"20\d{2}(?:年度?)?\Z")
#: ... or behind the body: "2022年度某某局" and "部门决算公开".
_YEAR_AND_BODY = re.compile(r"20\d{2}年度?\D{3,30}\Z")
_KIND = re.compile(r"(?:部门|单位)(?:预算|决算)(?:公开)?(?:报告|说明)?\Z")
_REST = re.compile(
    r"年?度?(?:(?:部门|单位)?(?:预算|决算)(?:公开)?|(?:部门|单位)(?:预算|决算)[^表,。:]{1,20}(?:说明|公开))\Z"
)
#: The line above a table that names body and unit: "编制部门：某某局 单位：元".
_CAPTION_NAME = re.compile(
    r"(?:编制|公开|预算)?(?:部门|单位)(?:名称)?[:：](?P<name>.{2,50}?)(?:20\d{2}年度?)?(?:资金|金额)?单位[:：]"
)
_BODY = re.compile(
    r"(?:.{2}(?:大学|学院|医院|中学|小学)|.{3}(?:局|委|办|部|院|会|厅|室|中心|站|所|处|校|馆|队|社|府|署|司|街道|镇|乡|机关|台|库|组|园|委员会|办公室|\(本级\)))\Z"
)
#: The body in the title of a table: "某某医院2022年收支总表", "2024年某某镇三公经费预算表".
_TABLE_OF = re.compile(
    r"(?:附?表?[\d一二三四五六七八九十-]*[:、.])?(?P<before>[^\d:、]{3,40})20\d{2}年?度?|"
    r"20\d{2}年?度?(?P<behind>[^\d:、]{3,40}?)"
    r"(?=三公|一般公共预算|财政拨款|收支|收入|支出|部门|单位|政府性基金|国有资本|项目|整体|预算|决算)"
)
_PLACE = re.compile(r"(?![全本我各]).{2,}[省市区县州旗乡镇]\Z")
#: What stands between a place and the level of its budget is no body: "某市某区2025年区级部门预算".
_LEVEL = re.compile(r"[省市区县州旗乡镇]本?级\Z")
#: A place that is no body; a town is one: "某某市2024年部门预算" above "某某市交通运输局".
_PLACE_ALONE = re.compile(r".{2,}[省市区县州旗]\Z")


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page says. `name` is None where it names no body.

    scope     "department", with all its units, or "unit": one body's own budget (单位预算)
    has_page  a title says it, not only the titles of the tables together
    of_forms  the forms of a file say it that has nothing else
    """

    title: str
    name: str | None
    fiscal_year: int
    kind: str  # "budget" | "final_account"
    phase: str  # notation of the scheme phase
    scope: str = "department"
    has_page: bool = True
    of_forms: bool = False


def read_front(paragraphs: Sequence[Paragraph], table_titles: Sequence[str]) -> Front | None:
    """Return what the first lines say, else what the titles of the tables agree on, else None.

    The body's name stands behind a label on the next lines, before the year, on the line above it, or in the
    lines above the tables.
    """
    first = range(min(len(paragraphs), _TITLE_WITHIN))
    for index in sorted(first, key=lambda place: bool(_FILE.search(paragraphs[place].text))):
        line, end = _title_line(paragraphs, index)
        line = _bare(line)
        match = _TITLE.match(fold(line))
        if not match or len(fold(line)) > _LONGEST_TITLE or _is_no_title(line):
            continue
        before = "" if _LEVEL.search(match["same"]) else match["name"] or _body(match["same"])
        before = _ABOUT.sub("", before)
        own = _whole_name(before, index, paragraphs) if before else _name_above(paragraphs, index)
        if own is None or _PLACE_ALONE.fullmatch(own):
            own = _name_below(paragraphs[end:]) or own
        name = _labelled_name(paragraphs[end:], before) or own
        final = match["kind"].endswith((_FINAL, _FINAL + "公开")) or _also_final(fold(line), table_titles)
        title = line if not name or fold(name) in fold(line) else f"{name} {line[_name_end(line, before) :].strip()}"
        kind, phase = ("final_account", "final") if final else ("budget", "budget")
        scope = "unit" if match["kind"].startswith("单位") else "department"
        name = name or _name_of_tables(paragraphs, table_titles) or _name_in_text(paragraphs[end:])
        return Front(title, name, int(match["year"]), kind, phase, scope)
    years = {int(m.group(1)) for title in table_titles if (m := _YEAR.search(fold(title)))}
    if len(years) != 1:
        return None
    final = any(_FINAL in title for title in table_titles)
    year = years.pop()
    kind, phase = ("final_account", "final") if final else ("budget", "budget")
    name = _name_of_tables(paragraphs, table_titles)
    return Front(f"{name or ''}{year} 年部门{'决算' if final else '预算'}", name, year, kind, phase, has_page=False)


def _also_final(title: str, table_titles: Sequence[str]) -> bool:
    """Tell whether a title that names a budget and a final account of one year is that of the final account.

    Execution is told with the account (预算执行情况及决算); else the titles of the tables have to say so, all of them.
    """
    if _FINAL not in title:
        return False
    said = [(_FINAL in each, _BUDGET in _FUNDS.sub("", fold(each))) for each in table_titles]
    finals, budgets = any(final for final, _ in said), any(budget and not final for final, budget in said)
    return _EXECUTED.search(title) is not None or (finals and not budgets)


def _bare(line: str) -> str:
    """Return a line without what stands before a title, its year in digits."""
    while before := _BEFORE.match(line):
        line = line[before.end() :]
    if line.lstrip().startswith("《"):
        line = line.replace("《", "", 1).replace("》", "", 1)
    return _YEAR_IN_WORDS.sub(lambda m: "".join(str(_DIGITS.index(_ZERO.get(c, c))) for c in m.group()), line)


def _is_no_title(line: str) -> bool:
    """Tell whether a line is a heading or sentence, names several years, or has the unit of a table."""
    return bool(_NO_TITLE.search(fold(line)) or parse_unit(line)) or _names_years(line)


def _names_years(line: str) -> bool:
    """Tell whether a line names several years, so that it does not say which one it is of."""
    return len(set(_OWN_YEAR.findall(_ASIDE.sub("", fold(line))))) > 1


def _name_end(line: str, name: str) -> int:
    """Return where a line goes on behind the end of a name that it opens with, 0 where it does not."""
    return len(line) - len(line.lstrip()) + len(name) if name and line.strip().startswith(name) else 0


def _body(text: str) -> str:
    """Return what stands between year and kind ("2025年某某局部门预算") where it ends as the name of a body does."""
    return text if _BODY.search(text) else ""


def _labelled_name(below: Sequence[Paragraph], titled: str) -> str | None:
    """Return the name behind a label; 主管部门 is the body above the one that the title names, where they differ."""
    for paragraph in below[:_LABEL_WITHIN]:
        if match := _LABELLED_NAME.match(fold(paragraph.text)):
            other = titled and titled not in match["name"] and match["name"] not in titled
            superior = _SUPERIOR in match.group()[: match.start("name")] and _BODY.search(titled)
            if not (other and superior):
                return match["name"]
    return None


def _name_of_tables(paragraphs: Sequence[Paragraph], titles: Sequence[str]) -> str | None:
    """Return whose the lines above the tables say they are, else the body that all titles of tables with one name."""
    if name := _caption_name(paragraphs):
        return name
    found = (_TABLE_OF.match(fold(title)) for title in titles)
    names = {name for m in found if m and (_PLACE.match(name := m["before"] or m["behind"]) or _body(name))}
    return names.pop() if len(names) == 1 else None


def _caption_name(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the name that most of the lines above the tables write; one of them may be wrapped."""
    names = Counter(m["name"] for p in paragraphs if (m := _CAPTION_NAME.match(fold(p.text))))
    return names.most_common(1)[0][0] if names else None


def _title_line(paragraphs: Sequence[Paragraph], index: int) -> tuple[str, int]:
    """Return the line, with the next one where a title breaks behind its year; and where the rest begins."""
    line = paragraphs[index].text
    if _ENDS_IN_YEAR.search(fold(line)) and index + 1 < len(paragraphs):
        joined = f"{line.strip()}{paragraphs[index + 1].text.strip()}"
        if _REST.match(fold(paragraphs[index + 1].text)):
            return joined, index + 2
    if _YEAR_AND_BODY.match(fold(line)) and _BODY.search(fold(line)) and index + 1 < len(paragraphs):
        following = paragraphs[index + 1].text.strip()
        if _KIND.match(fold(following)):
            return f"{line.strip()}{following}", index + 2
    return line, index + 1


def _name_above(paragraphs: Sequence[Paragraph], index: int) -> str | None:
    """Return the name on one of the three lines above, with the lines above it that it goes on from."""
    for place in range(index - 1, max(index - 4, -1), -1):
        if _may_be_name(paragraphs[place].text):
            return _whole_name(paragraphs[place].text.strip(), place, paragraphs)
    return None


def _name_in_text(below: Sequence[Paragraph]) -> str | None:
    """Return the body that the first sentence on duties names; those of units follow that."""
    found = next((match for paragraph in below if (match := _DUTIES.match(fold(paragraph.text)))), None)
    name = found["name"] if found else ""
    return name if _BODY.search(name) and not _NO_BODY.search(name.removesuffix("(本级)")) else None


def _without_code(text: str) -> str:
    """Return a name without the code before it, or the brackets around it."""
    text = text.strip()
    found = _CODED.match(text)
    return text if found is None else text[found.end() :].rstrip(")）") if text[0] in "(（" else text[found.end() :]


def _name_below(below: Sequence[Paragraph]) -> str | None:
    """Return the line below the title, where it is the name of a body."""
    text = _without_code(below[0].text) if below else ""
    return text if _BODY.search(fold(text)) and _may_be_name(text) else None


def _may_be_name(text: str) -> bool:
    return len(text.strip()) <= _LONGEST_NAME and not _NO_NAME.search(fold(text)) and not _YEAR.search(text)


def _whole_name(name: str, index: int, paragraphs: Sequence[Paragraph]) -> str:
    """Return a name with what stands on the two lines above it, where the text writes all of it as one name."""
    written = [fold(paragraph.text) for paragraph in paragraphs[index + 1 :]]
    whole = found = name
    for paragraph in reversed(paragraphs[max(index - 2, 0) : index]):
        if not _may_be_name(paragraph.text):
            break
        whole = paragraph.text.strip() + whole
        if any(fold(whole) in text for text in written):
            found = whole
    return found
