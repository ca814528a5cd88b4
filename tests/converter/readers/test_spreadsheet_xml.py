import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.spreadsheet_xml import XmlWorkbookReader
from tests.converter.readers.golden import read_spans, read_texts

STYLES = (
    '<Styles><Style ss:ID="Default"/>'
    '<Style ss:ID="b"><Borders><Border ss:Position="Left" ss:LineStyle="Continuous"/></Borders></Style>'
    '<Style ss:ID="n" ss:Parent="b"><NumberFormat ss:Format="Standard"/></Style>'
    '<Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="c" ss:Parent="n"/></Styles>'
)


def workbook(*sheets):
    root = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook {0} xmlns:ss={1}>'
    space = '"urn:schemas-microsoft-com:office:spreadsheet"'
    found = "".join(f'<Worksheet ss:Name="表{n}">{sheet}</Worksheet>' for n, sheet in enumerate(sheets, start=1))
    return (root.format(f"xmlns={space}", space) + STYLES + found + "</Workbook>").encode()


def data(text, attributes="", kind="String"):
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def number(text, attributes='ss:StyleID="n"'):
    return data(text, attributes, "Number")


def grids(*sheets):
    return [block for block in XmlWorkbookReader().read(workbook(*sheets), "x.xls") if isinstance(block, Grid)]


def test_cells_are_read_as_shown_and_at_their_places():
    rows = [
        data("项目", 'ss:MergeDown="1" ss:StyleID="b"') + data("收入", 'ss:MergeAcross="1"') + data("率"),
        data("本年", 'ss:Index="2" ss:StyleID="b"') + data("上年") + data("%"),
        data("拨款") + number("1234567.5") + number("-2.0", 'ss:StyleID="c"') + number("0.125", 'ss:StyleID="p"'),
        data('甲<S xmlns="http://www.w3.org/TR/REC-html40">1</S>') + number("3", 'ss:Index="3"'),
    ]
    table = "<Table>" + "".join(f"<Row>{row}</Row>" for row in rows) + '<Row ss:Index="9"/></Table>'
    (grid,) = grids(table)
    assert read_texts(grid) == [
        ["项目", "收入", "", "率"],
        ["", "本年", "上年", "%"],
        ["拨款", "1,234,567.50", "-2.00", "12.50%"],
        ["甲1\u0336", "", "3", ""],
    ]
    assert read_spans(grid) == {(0, 0): (2, 1), (0, 1): (1, 2)}
    assert (grid.rows[2][1].locator.sheet, grid.rows[2][1].locator.ref) == ("表1", "B3")


def test_what_is_hidden_is_left_out_and_said():
    columns = '<Column/><Column ss:Hidden="1"/>'
    rows = "".join(f'<Row ss:Hidden="{n % 2}">{data(f"行{n}")}{number(n)}{number(n)}</Row>' for n in range(4))
    hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    hidden += f"<Table><Row>{data('a')}{number('1')}</Row></Table>"
    reading = XmlWorkbookReader().read(workbook(f"<Table>{columns}{rows}</Table>", hidden), "x.xls")
    assert [read_texts(block) for block in reading if isinstance(block, Grid)] == [[["行0", "0.00"], ["行2", "2.00"]]]
    assert [problem.code for problem in reading.problems] == ["hidden-content"] * 3


def test_a_formula_without_value_is_listed():
    row = data("合计") + '<Cell ss:Formula="=SUM(R[-1]C)"/>' + number("1")
    reading = XmlWorkbookReader().read(workbook(f"<Table><Row>{row}</Row></Table>"), "x.xls")
    assert [(problem.code, problem.location.ref) for problem in reading.problems] == [("formula-without-value", "B1")]


@pytest.mark.parametrize("place", ["20000", "0"])
def test_places_are_checked(place):
    index = f'ss:Index="{place}"'
    table = f"<Table><Row>{data('a')}{number('1', index)}</Row></Table>"
    if place == "0":
        assert read_texts(grids(table)[0]) == [["a", "1"]]
        return
    with pytest.raises(SourceError, match="number 20000"):
        grids(table)


def test_the_form_is_told_by_content(tmp_path):
    path = tmp_path / "预算.xls"
    path.write_bytes(workbook(f"<Table><Row>{data('a')}{number('1')}</Row></Table>"))
    assert read_document(path).media_type == "application/vnd.ms-excel"
    path.write_bytes(
        b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
    )
    with pytest.raises(SourceError, match="Word 2003"):
        read_document(path)


@pytest.mark.parametrize("part", [b"<Row>", b"</Worksheet>", b"?>"])
def test_damaged_files_are_refused(part):
    damaged = workbook(f"<Table><Row>{data('a')}</Row></Table>").replace(part, b"<", 1)
    with pytest.raises(SourceError, match=r"x\.xls"):
        XmlWorkbookReader().read(damaged, "x.xls")
