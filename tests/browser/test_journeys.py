"""What people come for, from the first page on."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit

BODY = "中共武汉经开区工委（区委）办公室"


def test_from_home_to_an_amount_to_its_cell(visit: Visit) -> None:
    page = visit.go("/?lang=zh")
    page.get_by_role("link", name=BODY).first.click()
    page.locator("a[href*='/id/doc/']").first.click()
    page.get_by_role("link", name=re.compile("表八")).click()
    page.get_by_role("link", name="1,465.28").first.click()
    expect(page.locator(".amount")).to_contain_text("14,652,800.00")
    expect(page.locator(".printed .marked")).to_have_text("1,465.28")
    page.get_by_role("link", name=re.compile(r"第 \d+ 行，第 \d+ 列")).click()
    expect(page.locator(".printed .marked")).to_have_text("1,465.28")
    assert re.search(r"/t8/r\d+c\d+", page.url)


def test_compare_by_a_question_and_change_the_unit(visit: Visit) -> None:
    page = visit.go("/questions?lang=zh")
    page.get_by_role("link", name="各部门的支出按功能分类如何分布？").click()
    page.select_option("#digits", "5")
    page.select_option("#unit", "wan")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#answer-spending-by-function")).to_contain_text("20131")
    expect(page.locator("figure.chart svg").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text("utf-8").startswith("name,department,year,code,label,yuan,share")


def test_targets_are_filtered_as_one_types(visit: Visit) -> None:
    page = visit.go("/?lang=zh")
    page.get_by_role("link", name=BODY).first.click()
    page.locator("a[href*='/id/doc/']").first.click()
    rows = page.locator("#indicators tbody tr:not(.group)")
    assert rows.count() >= 60
    page.get_by_label("筛选").fill("特提电报")
    expect(page.locator("#indicators tbody tr:not(.group):visible")).to_have_count(3)


def test_charts_are_drawn_and_saved(visit: Visit) -> None:
    page = visit.go("/doc/org/whkfq-0001?lang=zh")
    expect(page.locator("figure.chart svg")).to_have_count(page.locator("figure.chart").count())
    for name, magic in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"保存为 {name}").first.click()
        assert download.value.path().read_bytes().startswith(magic)


def test_three_public_expenses_are_drawn_over_the_years(visit: Visit) -> None:
    page = visit.go("/doc/org/shpt-0003?lang=zh")
    chart = page.locator("figure[data-table='answer-three-public'] svg")
    for year in ("2023", "2025"):
        expect(chart.get_by_text(year, exact=True)).to_be_visible()
    assert chart.get_by_text("公务接待费", exact=True).count() == 1
    with page.expect_download() as download:
        page.locator("a[href*='/api/three-public'][href*='format=csv']").click()
    assert {line.split(",")[2] for line in download.value.path().read_text("utf-8").splitlines()[1:]} == {
        "2023",
        "2025",
    }


def test_the_language_is_switched_and_stays(visit: Visit) -> None:
    page = visit.go("/questions?lang=zh")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions")
    page.get_by_role("link", name="Vocabulary").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_search_finds_a_word_and_is_narrowed_down(visit: Visit) -> None:
    page = visit.go("/?lang=zh")
    page.get_by_role("searchbox").fill("公务接待")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".hits li").first).to_contain_text("公务接待")
    page.locator(".facet a", has_text="科目").first.click()
    page.locator(".hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("公务接待费")
