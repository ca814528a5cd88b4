"""The forms of a report that people and their tools read: HTML, CSV, SARIF, badge; history, causes and pictures."""

import base64
import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen import canvas

from budgetgraph.shapes.causes import MOST, likely_causes
from budgetgraph.shapes.exceptions import FormerReportError
from budgetgraph.shapes.history import History, read_history
from budgetgraph.shapes.pictures import pictures
from budgetgraph.shapes.report import to_json
from budgetgraph.shapes.report_page import to_badge, to_html
from budgetgraph.shapes.report_sheet import COLUMNS, to_csv
from budgetgraph.shapes.results import Cell, Equation, Report, Term, amount
from budgetgraph.shapes.sarif import to_sarif
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

WRONG_SUM = CASES / "WT-1" / "invalid.ttl"


@pytest.fixture(scope="module")
def faulty() -> Report:
    return validate(document(WRONG_SUM), source="shifan-2021.pdf", explain=True)


@pytest.fixture(scope="module")
def sound() -> Report:
    return validate(document(CASES / "WT-1" / "valid.ttl"), source="sound.pdf", explain=True)


def text_of(html: str, language: str) -> str:
    """Return what a reader of one language sees."""
    other = {"zh": "en", "en": "zh"}[language]
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    html = re.sub(rf'<span class="{other}"[^>]*>.*?</span>', "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_html_writes_the_equation_out(faulty: Report) -> None:
    english = text_of(to_html([faulty], "1.0"), "en")
    assert "It does not conform." in english
    assert "20131 党委办公厅（室）及相关机构事务" in english
    assert "+ 2013101 行政运行 20.00" in english
    assert "Sum of the parts 30.00" in english
    assert "Difference 1.00 tolerance 0.01" in english
    assert "10,000 yuan" in english
    chinese = text_of(to_html([faulty], "1.0"), "zh")
    assert "各项之和 30.00" in chinese
    assert "万元" in chinese
    assert "It does not" not in chinese


def test_html_points_at_the_figure_that_two_failing_equations_share(faulty: Report) -> None:
    shared = {term.label for result in faulty.results for term in result.equation.terms if term.shared}  # type: ignore[union-attr]
    assert shared == {"20131 党委办公厅（室）及相关机构事务"}
    assert "look here first" in text_of(to_html([faulty], "1.0"), "en")


def test_html_shows_what_passed_and_every_rule(faulty: Report, sound: Report) -> None:
    html = to_html([faulty, sound], "1.0")
    assert f"{sound.looked_at:,} equations and values checked" in text_of(html, "en")
    for rule, number in faulty.checked.items():
        assert f'id="rule-{rule}"' in html
        assert number == 0 or f'href="#rule-{rule}"' in html
    assert faulty.shapes in html
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links <= set(re.findall(r'id="([^"]+)"', html)), "a link leads nowhere"
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_html_loads_nothing(faulty: Report) -> None:
    html = to_html([faulty], "1.0")
    assert not re.search(r"<(script|link|iframe|object)\b|@import|url\(|src=", html)
    assert "default-src 'none'" in html


def test_html_escapes_what_a_document_prints(faulty: Report) -> None:
    hostile = WRONG_SUM.read_text(encoding="utf-8").replace('"行政运行"', '"<script>alert(1)</script>"')
    html = to_html([validate(document(hostile), source="<b>x", explain=True)], "1.0")
    assert "<script>" not in html
    assert "<b>x" not in html


def test_csv_has_a_line_for_each_result(faulty: Report) -> None:
    head, *lines = list(csv.reader(io.StringIO(to_csv([faulty]))))
    assert tuple(head) == COLUMNS
    assert len(lines) == len(faulty.results) == 2
    record = dict(zip(head, lines[1], strict=True))
    assert (record["rule"], record["table"], record["row"], record["column"]) == ("WT-1", "表二", "5", "4")
    assert (Decimal(record["amount"]), Decimal(record["difference"])) == (Decimal(310000), Decimal(10000))


def test_sarif_has_rules_places_and_fingerprints(faulty: Report) -> None:
    log = json.loads(to_sarif([faulty], "1.0"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "WT-1"
        assert result["level"] == "error"
        assert result["message"]["text"]
        assert run["artifacts"][result["locations"][0]["physicalLocation"]["artifactLocation"]["index"]]
    assert {r["partialFingerprints"]["budgetgraph/v1"] for r in run["results"]} == {
        r.fingerprint for r in faulty.results
    }
    places = [place for r in run["results"] for where in r["locations"] for place in where.get("logicalLocations", [])]
    assert {"fullyQualifiedName": "表二, page 7, row 5, column 4", "kind": "element"} in places


def test_a_badge_tells_sound_from_unchecked(faulty: Report, sound: Report) -> None:
    assert "2 violations" in to_badge([faulty, sound])
    assert f"{sound.looked_at} checked, 0 violations" in to_badge([sound])
    assert "nothing checked" in to_badge([replace(sound, checked={})])


def test_results_are_new_unchanged_or_fixed(tmp_path: Path, faulty: Report, sound: Report) -> None:
    former = tmp_path / "former.json"
    kept, gone = faulty.results
    former.write_text(to_json([replace(faulty, results=(kept,))]), encoding="utf-8")
    history = read_history(former, None)
    assert [history.state(result.fingerprint) for result in faulty.results] == ["unchanged", "new"]
    assert history.fixed(faulty, [faulty]) == ()
    assert "1 new, 1 still there, 0 fixed" in text_of(to_html([faulty], "1.0", history), "en")
    fixed = history.fixed(replace(sound, source="renamed"), [sound])
    assert [each.fingerprint for each in fixed] == [kept.fingerprint]
    assert history.fixed(sound, [sound, faulty]) == (), "another source of several"
    states = [r["baselineState"] for r in json.loads(to_sarif([faulty], "1.0", history))["runs"][0]["results"]]
    assert states == ["unchanged", "new"]
    assert gone.fingerprint in to_csv([faulty], history)
    assert History().state(kept.fingerprint) is None


@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_what_a_person_said_is_shown(tmp_path: Path, faulty: Report, ending: str) -> None:
    said = tmp_path / f"status.{ending}"
    one, other = (result.fingerprint for result in faulty.results)
    forms = {
        "csv": f"fingerprint,status,reason\n{one},accepted,合并列示\n{other},extraction,\n",
        "yaml": f"- fingerprint: {one}\n  status: accepted\n  reason: 合并列示\n"
        f"- {{fingerprint: {other}, status: extraction}}\n",
    }
    said.write_text(forms[ending], encoding="utf-8")
    history = read_history(None, said)
    assert "accepted (合并列示)" in text_of(to_html([faulty], "1.0", history), "en")
    suppressed = [r.get("suppressions") for r in json.loads(to_sarif([faulty], "1.0", history))["runs"][0]["results"]]
    assert suppressed == [[{"kind": "external", "status": "accepted", "justification": "合并列示"}], None]
    assert ",accepted,合并列示" in to_csv([faulty], history)


BAD_FILES = {
    "former.json": ("[]", "is no report of this program"),
    "cut.json": ('{"sources": [{"source": "x"', "is no report of this program"),
    "text.yaml": ("just words", "holds no list"),
    "broken.yaml": ("- {", "is neither YAML nor CSV"),
    "status.yaml": ("- {fingerprint: a, status: fine}", "has the status 'fine'"),
    "reason.csv": ("fingerprint,status,reason\na,accepted,\n", "accepted without a reason"),
    "nameless.csv": ("status,reason\naccepted,x\n", "entry 1 has no fingerprint"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    content, message = BAD_FILES[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormerReportError, match=re.escape(message)) as raised:
        read_history(*((path, None) if name.endswith("json") else (None, path)))
    assert str(path) in str(raised.value)
    with pytest.raises(FormerReportError, match="cannot be read"):
        read_history(tmp_path / "nowhere.json", None)


def equation(own: str, *parts: str) -> Equation:
    """Return a sum in 万元 that is printed as `own`, with its parts."""
    texts = (own, *parts)
    terms = tuple(
        Term(f"urn:{number}", f"row {number}", Decimal(text) * 10000, text, number == 0, None)
        for number, text in enumerate(texts)
    )
    amount, total = terms[0].amount, sum((term.amount for term in terms[1:]), Decimal(0))
    return Equation(amount, total, amount - total, Decimal(50) * len(parts), 4, True, terms)


@pytest.mark.parametrize(
    ("printed", "kind", "figure"),
    [
        (("100.00", "38.21", "16.79"), "digits", "38.21"),
        (("100.00", "8.321", "16.79"), "point", "8.321"),
        (("100.00", "832100.00", "16.79"), "unit", "832100.00"),
        (("66.42", "83.21", "-16.79"), None, None),
        (("100.00", "83.21", "-16.79"), "sign", "-16.79"),
        (("83.21", "83.21", "16.79"), "counted-twice", "16.79"),
        (("100.00", "100.00"), None, None),
        (("100.00", "83.21", "15.00"), None, None),
        (("100.00", "50.00", "22.20", "17.00"), "divisible-by-nine", None),
    ],
)
def test_a_likely_cause_names_the_figure(printed: tuple[str, ...], kind: str | None, figure: str | None) -> None:
    causes = likely_causes(equation(*printed))
    if kind is None:
        assert causes == ()
        return
    assert (kind, figure) in {(cause.kind, cause.term.printed if cause.term else None) for cause in causes}


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=6), st.data())
def test_swapped_digits_are_found_in_any_sum(cents: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(cents) - 1))
    digits = str(cents[place])
    spots = [spot for spot in range(len(digits) - 1) if digits[spot] != digits[spot + 1]]
    if not spots:
        return
    spot = data.draw(st.sampled_from(spots))
    swapped = digits[:spot] + digits[spot + 1] + digits[spot] + digits[spot + 2 :]
    printed = [f"{Decimal(each) / 100:.2f}" for each in cents]
    printed[place] = f"{Decimal(swapped) / 100:.2f}"
    wrong = equation(f"{Decimal(sum(cents)) / 100:.2f}", *printed)
    causes = likely_causes(replace(wrong, tolerance=Decimal(0)))
    assert len(causes) <= MOST, "where too much would explain it, nothing is said"
    if causes:
        named = {cause.term.printed for cause in causes if cause.term and cause.kind in ("digits", "point")}
        assert printed[place] in named


def test_a_lacking_row_that_another_table_prints_is_named(converted: Path) -> None:
    left_out = "/t2/2013102"
    quads = [quad for quad in pyoxigraph.parse(path=converted) if not quad.subject.value.endswith(left_out)]
    report = validate(quads, explain=True)
    (result,) = (r for r in report.results if r.rule == "WT-1" and r.value and r.value.text.endswith("/t2/20131"))
    assert result.equation
    (cause,) = result.equation.causes
    assert cause.kind == "missing"
    assert cause.term
    assert cause.term.label.startswith("2013102 ")
    assert cause.term.amount == result.equation.difference


@pytest.mark.parametrize(
    ("value", "multiplier", "text"),
    [
        ("14652800.00", 4, "1,465.28"),
        ("50", 4, "0.005"),
        ("-1", 0, "-1"),
        ("0", 4, "0.00"),
        ("94369326", 0, "94,369,326"),
    ],
)
def test_amounts_are_shown_in_the_unit_of_their_table(value: str, multiplier: int, text: str) -> None:
    assert amount(Decimal(value), multiplier) == text


def test_a_picture_shows_the_place_and_its_row(tmp_path: Path, faulty: Report) -> None:
    pdf = tmp_path / "shifan-2021.pdf"
    drawing = canvas.Canvas(str(pdf), pagesize=(400, 300))
    drawing.rect(100, 300 - 80 - 20, 60, 20, fill=1)
    drawing.save()
    cell = Cell("表二", 5, 4, 1, (100.0, 80.0, 60.0, 20.0), official=True)
    report = replace(faulty, results=tuple(replace(r, cells=(cell, replace(cell, page=9))) for r in faulty.results))
    ((found, picture),) = pictures(report, pdf).items()
    assert found == cell
    image = Image.open(io.BytesIO(base64.b64decode(picture.uri.partition(",")[2])))
    assert image.size == (picture.width, picture.height)
    assert picture.width == 600
    assert abs(picture.height - 84) <= 1
    left, top, width, height = picture.box
    assert image.getpixel((int(left + width / 2), int(top + height / 2))) == 0, "the cell is black"
    assert image.getpixel((int(left - 10), int(top + height / 2))) == 255
    assert picture.uri in to_html([report], "1.0", files={report.source: pdf})
    hidden = replace(cell, official=False)
    private = replace(report, results=tuple(replace(r, cells=(hidden,)) for r in report.results))
    assert pictures(private, pdf) == {}, "forms hold names and numbers of persons"
    pdf.write_bytes(b"no PDF")
    assert pictures(report, pdf) == {}
