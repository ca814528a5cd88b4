"""The SPARQL editor: examples, results as table and chart, downloads, permalinks, completion."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

QUESTION = "钱花在哪些功能科目上？"
BY_FUNCTION = ("2120199", "103048231")


def _run_example(visit: Visit) -> None:
    page = visit.go("/sparql?lang=zh")
    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator(".dataTable tbody tr").first).to_contain_text(BY_FUNCTION[0])


def test_an_example_runs_and_its_answer_is_downloaded(visit: Visit) -> None:
    _run_example(visit)
    expect(visit.page.locator(".dataTable tbody tr").first).to_contain_text(BY_FUNCTION[1])
    with visit.page.expect_download() as download:
        visit.page.locator("a[data-format=csv]").evaluate("a => { a.download = 'answer.csv'; a.click(); }")
    lines = download.value.path().read_text("utf-8").splitlines()
    assert lines[0] == "code,function,yuan"
    assert lines[1].startswith(BY_FUNCTION[0])


def test_an_answer_is_drawn_and_saved_as_svg(visit: Visit) -> None:
    _run_example(visit)
    visit.page.locator(".select_chart").click()
    expect(visit.page.locator(".chart svg")).to_be_visible()
    for kind in ("折线图", "饼图", "柱状图"):
        visit.page.get_by_role("button", name=kind).click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="SVG").click()
    assert BY_FUNCTION[0] in download.value.path().read_text("utf-8")


def test_a_permalink_gives_query_and_answer_again(visit: Visit) -> None:
    _run_example(visit)
    address = visit.page.url.removeprefix(visit.site)
    assert "query=" in address
    page = visit.go(address)
    expect(page.locator(".dataTable tbody tr").first).to_contain_text(BY_FUNCTION[0])


def test_words_of_the_vocabulary_are_completed_by_their_chinese_label(visit: Visit) -> None:
    page = visit.go("/sparql")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * { ?o 金额')")
    page.locator(".CodeMirror").evaluate("c => { c.CodeMirror.focus(); c.CodeMirror.execCommand('goDocEnd'); }")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="bud:amount").first.click()
    query = page.locator(".CodeMirror").evaluate("c => c.CodeMirror.getValue()")
    assert "?o bud:amount" in query
    assert "PREFIX bud: <https://w3id.org/budgetgraph/def#>" in query


def test_without_scripts_the_form_answers(visit: Visit) -> None:
    context = visit.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(f"{visit.site}/sparql?lang=zh")
    page.get_by_role("link", name=QUESTION).click()
    expect(page.locator("table tbody tr").first).to_contain_text(BY_FUNCTION[0])
    context.close()
