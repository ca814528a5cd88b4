"""An invented publication as PDF: a line with a name and a telephone, a budget table, a project form with a name."""

from tests.converter.readers.pdf.writing import Sheet, TableStyle, pdf, table

NAME, TELEPHONE = "张某某", "00000000"
#: Left, top, right, bottom in points.
Box = tuple[float, float, float, float]
TOTAL = "742.00"
EXPENDITURE = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["", "合计", TOTAL, "500.00", "242.00"],
    ["201", "一般公共服务支出", "682.00", "440.00", "242.00"],
    ["20103", "政府办公厅（室）及相关机构事务", "682.00", "440.00", "242.00"],
    ["2010301", "行政运行", "440.00", "440.00", ""],
    ["2010302", "一般行政管理事务", "242.00", "", "242.00"],
    ["221", "住房保障支出", "60.00", "60.00", ""],
    ["22102", "住房改革支出", "60.00", "60.00", ""],
    ["2210201", "住房公积金", "60.00", "60.00", ""],
]
FORM = [
    ["项目名称", "档案整理", "项目代码", "X-1"],
    ["项目主管部门", "岚溪市档案局", "项目执行单位", "岚溪市档案局"],
    ["项目负责人", NAME, "联系电话", TELEPHONE],
    ["项目总预算", "242.00", "项目当年预算", "242.00"],
]
#: Where the cells of the form stand that hold a name and a telephone.
FORM_CONTACTS = [(150.0, 164.0, 290.0, 186.0), (400.0, 164.0, 535.0, 186.0)]
#: Where the line with name and telephone stands: left, top, right, bottom in points.
CONTACT = (55.0, 80.0, 400.0, 98.0)


def _first_page(sheet: Sheet, total: str) -> None:
    sheet.text(sheet.width / 2, 60, "岚溪市档案局2024年部门预算", 18, "centre")
    sheet.text(60, 94, f"联系人：{NAME} 电话：{TELEPHONE}")
    sheet.text(sheet.width / 2, 130, "部门支出总表", 14, "centre")
    sheet.text(530, 150, "单位：万元", 10, "right")
    rows = [["", "合计", total, *EXPENDITURE[1][3:]] if row == EXPENDITURE[1] else row for row in EXPENDITURE]
    table(sheet, rows, [60, 190, 75, 75, 75], style=TableStyle(top=160))


def _second_page(sheet: Sheet) -> None:
    sheet.text(sheet.width / 2, 80, "2024年项目申报表", 14, "centre")
    sheet.text(530, 100, "单位：万元", 10, "right")
    table(sheet, FORM, [90, 140, 110, 135])


def pdf_publication(total: str = TOTAL) -> bytes:
    """Return the file; with another total its table does not add up."""
    return pdf(lambda sheet: _first_page(sheet, total), _second_page)
