"""Bringing a publication to be validated: the report in every form, clear refusals, nothing kept."""

import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import LogSettings, ServerConfig, UploadLimits, WebLimits
from budgetgraph.server.settings import read_settings
from budgetgraph.server.uploads.views import safe_name
from budgetgraph.server.workers import PoolLimits
from tests.pdf_publication import TOTAL, pdf_publication

HTML = "text/html"
JSON = "application/json"
#: The total of the table, changed: it is not the sum any more; and as reports say it, in 元.
WRONG, TOLD = "743.00", "7430000"


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """Return a folder that temporary files go to; its name is short, because names of sockets are."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="b-") as folder:
        tempfile.tempdir = folder
        yield Path(folder)
        tempfile.tempdir = before


@pytest.fixture(scope="module")
def open_to_all(store: Path, temporary: Path) -> Iterator[FlaskClient]:
    assert temporary.is_dir()
    uploads = UploadLimits(enabled=True, body=1 << 20)
    config = ServerConfig(
        store, PoolLimits(workers=1), web=WebLimits(seconds=None), uploads=uploads, logs=LogSettings(requests=True)
    )
    app = create_app(config)
    yield app.test_client()
    close_app(app)
    assert list(temporary.glob("budgetgraph-uploads-*")) == [], "the folder is gone with the server"


def send(
    client: FlaskClient, content: bytes, name: str = "budget.pdf", accept: str = JSON, lang: str = "en", **more: Any
) -> TestResponse:
    headers = {"Accept": accept, **more}
    head = f'--border\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + b"\r\n--border--\r\n"
    return client.post(
        f"/validate?lang={lang}", data=body, headers=headers, content_type="multipart/form-data; boundary=border"
    )


@pytest.fixture(scope="module")
def faulty() -> bytes:
    return pdf_publication(total=WRONG)


def test_it_is_off_by_default(client: FlaskClient) -> None:
    assert client.get("/validate").status_code == 404
    assert send(client, b"x").status_code == 404
    assert "/validate" not in client.get("/", headers={"Accept": HTML}).text


def test_a_setting_switches_it_on() -> None:
    assert not read_settings("store", None, {}).uploads.enabled
    assert read_settings("store", None, {"BUDGETGRAPH_UPLOADS_ENABLED": "true"}).uploads.enabled


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "数秒后得到校验报告。最大 1 MB"), ("en", "At most 1 MB and 60 seconds")]
)
def test_the_page_says_what_is_taken(open_to_all: FlaskClient, lang: str, said: str) -> None:
    page = open_to_all.get(f"/validate?lang={lang}").text
    assert said in page
    assert 'enctype="multipart/form-data"' in page
    assert f'href="/validate?lang={lang}"' in open_to_all.get(f"/?lang={lang}", headers={"Accept": HTML}).text


def test_programs_get_the_report_in_the_form_they_accept(open_to_all: FlaskClient, faulty: bytes) -> None:
    told = json.loads(send(open_to_all, faulty).data)
    (source,) = told["sources"]
    assert (source["source"], source["conforms"]) == ("budget", False)
    assert source["checked"] > 100
    found = [r for r in source["results"] if TOLD in r["message"]["en"]]
    assert found
    assert found[0]["cells"][0]["page"] == 1

    turtle = send(open_to_all, faulty, accept="text/turtle")
    report = ox.NamedNode("http://www.w3.org/ns/shacl#ValidationReport")
    assert [t for t in ox.parse(turtle.data, ox.RdfFormat.TURTLE) if t.object == report]
    assert TOLD in send(open_to_all, faulty, accept="text/csv").text
    assert send(open_to_all, faulty, accept="text/plain", lang="zh").text.startswith("budget: 不相符")
    assert send(open_to_all, faulty, accept="image/png").status_code == 406


@pytest.mark.parametrize(("lang", "verdict"), [("zh", "不相符"), ("en", "Does not conform")])
def test_people_see_the_report_and_take_it_with_them(
    open_to_all: FlaskClient, faulty: bytes, lang: str, verdict: str
) -> None:
    response = send(open_to_all, faulty, accept=HTML, lang=lang)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert verdict in response.text
    assert TOLD in response.text
    (cause,) = json.loads(send(open_to_all, faulty).data)["sources"][0]["causes"]
    assert cause["message"][lang] in response.text.partition('class="cause"')[2].partition("<table")[0]
    for name in ("report.json", "report.ttl", "report.csv", "report.html", "report.txt"):
        assert f'download="{name}"' in response.text


def test_a_sound_publication_conforms(open_to_all: FlaskClient) -> None:
    told = json.loads(send(open_to_all, pdf_publication()).data)
    assert TOTAL not in str([r for r in told["sources"][0]["results"] if r["severity"] == "Violation"])


REFUSED = [
    (b"x", "notes.md", 415, ("不支持 .md 文件", "Files that end in .md are not taken")),
    (b"x", "notes", 415, ("不支持 - 文件", "Files that end in - are not taken")),
    (b"hello\n", "notes.txt", 422, ("这个文件无法校验", "This file cannot be checked: ")),
    (b"%PDF-1.7 cut", "cut.pdf", 422, ("这个文件无法校验", "is damaged or cut short")),
    (b"PK\3\4 no archive", "cut.zip", 422, ("这个文件无法校验。原因（英文）：", "This file cannot be checked: ")),
    (b"0" * ((1 << 20) + (80 << 10)), "large.pdf", 413, ("文件大于 1 MB", "The file has more than 1 MB")),
]


@pytest.mark.parametrize(("content", "name", "status", "said"), REFUSED, ids=[each[1] for each in REFUSED])
def test_a_refusal_says_why_in_both_languages(
    open_to_all: FlaskClient, content: bytes, name: str, status: int, said: tuple[str, str]
) -> None:
    for lang, words in zip(("zh", "en"), said, strict=True):
        response = send(open_to_all, content, name, lang=lang)
        assert response.status_code == status
        assert words in response.get_json(force=True)["detail"]
        assert "/tmp" not in response.text  # noqa: S108
        page = send(open_to_all, content, name, accept=HTML, lang=lang)
        assert page.status_code == status
        assert words in page.text[page.text.index('role="alert"') :]


def test_a_request_without_a_file_is_told_so(open_to_all: FlaskClient) -> None:
    response = open_to_all.post("/validate?lang=en", data={"other": "1"}, headers={"Accept": JSON})
    assert (response.status_code, response.get_json(force=True)["detail"]) == (400, "Choose a file.")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_the_page_of_another_site_cannot_send_files(open_to_all: FlaskClient, headers: dict[str, str]) -> None:
    assert send(open_to_all, b"x", "a.txt", **headers).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert send(open_to_all, b"x", "a.txt", **own).status_code == 422


def test_nothing_is_kept_or_logged(
    open_to_all: FlaskClient, temporary: Path, faulty: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        send(open_to_all, faulty, "secret-name.pdf")
        send(open_to_all, b"hello", "secret-name.txt")
    (folder,) = temporary.glob("budgetgraph-uploads-*")
    assert [path.name for path in folder.rglob("*")] == ["lock"]
    assert [path for path in temporary.iterdir() if path != folder] == []
    assert "secret-name" not in caplog.text


@pytest.mark.parametrize("accept", [HTML, JSON])
def test_a_name_or_a_text_does_not_become_markup(open_to_all: FlaskClient, accept: str) -> None:
    text = "岚溪市档案局2024年部门预算\n<script>alert(1)</script>\n单位：万元\n项\t目\n1\t2\n"
    response = send(open_to_all, text.encode(), "<img src=x onerror=alert(1)>.txt", accept=accept)
    assert response.status_code == 422
    assert "<img" not in response.text
    assert accept == JSON or "<script>alert" not in response.text


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\某人\\预算 2024.XLSX", "预算 2024.xlsx"),
        ("--format.pdf", "format.pdf"),
        (".pdf", "pdf"),
        ("\x1b[31m;$(x).csv", "31m(x).csv"),
        ("<>.zip", "file.zip"),
        ("长" * 300 + ".pdf", "长" * 60 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_time_is_charged_to_the_client(store: Path) -> None:
    config = ServerConfig(
        store, PoolLimits(workers=1), web=WebLimits(seconds=0.01, window=3600), uploads=UploadLimits(enabled=True)
    )
    app = create_app(config)
    try:
        client = app.test_client()
        assert send(client, b"hello", "a.txt").status_code == 422
        again = send(client, b"hello", "a.txt")
        assert again.status_code == 429
        assert int(again.headers["Retry-After"]) > 1
    finally:
        close_app(app)
