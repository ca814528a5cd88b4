"""From an amount to its cell: the page of the PDF with the cell marked, or the rows of the table around it."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits, WriteLimits
from budgetgraph.server.releases import current
from budgetgraph.server.workers import PoolLimits
from tests.pdf_publication import CONTACT, FORM_CONTACTS, NAME, TELEPHONE, TOTAL, Box, pdf_publication

HTML = {"Accept": "text/html"}
TOKEN = "a token of this test alone"  # noqa: S105
UPDATE = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
SCALE = 1.4


def _publish(source: Path, store: Path, *options: str) -> None:
    command = [sys.executable, "-m", "budgetgraph.cli", "publish", str(source), "--store", str(store), *options]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def store(memory_folder: Path) -> Path:
    source, store = memory_folder / "budget.pdf", memory_folder / "store"
    source.write_bytes(pdf_publication())
    _publish(source, store)
    return store


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[FlaskClient]:
    limits = WriteLimits(token=TOKEN, time=60)
    app = create_app(ServerConfig(store, PoolLimits(workers=1), web=WebLimits(seconds=None), writes=limits))
    yield app.test_client()
    close_app(app)


@pytest.fixture(scope="module")
def document(store: Path) -> str:
    (document,) = current(store).metadata.documents
    return document


def _get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def _amount(client: FlaskClient, document: str) -> str:
    """Return the page of the total, as the printed table links it."""
    table = _get(client, f"/doc/doc/{document}/t1?lang=en")
    found = re.search(rf'href="([^"]+)">{re.escape(TOTAL)}</a>', table)
    assert found is not None
    return _get(client, found[1])


def test_an_amount_shows_its_cell_on_the_page_of_the_pdf(client: FlaskClient, document: str) -> None:
    page = _amount(client, document)
    assert "page 1 › " in re.sub(r"\s+", " ", page)
    assert "row 2, column 3" in page
    picture = re.search(r'<image href="([^"]+)" width="([\d.]+)" height="([\d.]+)"/>', page)
    box = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>', page)
    assert picture is not None
    assert box is not None
    assert picture[1] == f"/pages/{document}/1-1.png"
    assert (float(picture[2]), float(picture[3])) == (595.0, 842.0)
    # The table begins at 160 points, its third column at 310; rows are 22 high.
    assert [float(place) for place in box.groups()] == pytest.approx([310, 182, 75, 22], abs=1)
    cell = _get(client, f"/doc/doc/{document}/t1/r2c3?lang=en")
    assert box[0] in cell
    assert "7,420,000.00 yuan</a>" in cell


def test_the_picture_is_served_as_png_that_is_kept(client: FlaskClient, document: str) -> None:
    response = client.get(f"/pages/{document}/1-1.png")
    assert response.mimetype == "image/png"
    assert Image.open(io.BytesIO(response.data)).size == (833, 1179)
    again = client.get(f"/pages/{document}/1-1.png", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["{}/1-3.png", "{}/2-1.png", "{}/0-0.png", "00000000000000aa/1-1.png", "../1-1.png"])
def test_a_page_without_picture_is_not_found(client: FlaskClient, document: str, path: str) -> None:
    assert client.get(f"/pages/{path.format(document)}").status_code == 404


def _covered(client: FlaskClient, document: str, page: int, box: Box) -> bool:
    picture = Image.open(io.BytesIO(client.get(f"/pages/{document}/1-{page}.png").data)).convert("L")
    left, top, right, bottom = (round(place * SCALE) for place in box)
    return len(set(picture.crop((left + 3, top + 3, right - 3, bottom - 3)).tobytes())) == 1


def test_names_and_telephones_are_covered(client: FlaskClient, document: str) -> None:
    assert _covered(client, document, 1, CONTACT)
    assert not _covered(client, document, 1, (310, 182, 385, 204)), "the total can be read"
    for box in FORM_CONTACTS:
        assert _covered(client, document, 2, box)
    assert not _covered(client, document, 2, (150, 120, 290, 142)), "the project's name can be read"
    form = _get(client, f"/doc/doc/{document}/form-1?lang=en")
    assert form.count("(withheld)") == 2
    assert NAME not in form
    assert TELEPHONE not in form


def test_without_pictures_the_rows_around_the_cell_are_shown(shipped: FlaskClient) -> None:
    page = shipped.get("/doc/org/whkfq-0001", headers=HTML).text
    document = re.search(r"/id/doc/([0-9a-f]{16})", page)
    assert document is not None
    table = _get(shipped, f"/doc/doc/{document[1]}/t8")
    name = re.search(r'id="(r\d+c\d+)"><a href="[^"]+">1,465\.28</a>', table)
    assert name is not None
    cell = _get(shipped, f"/doc/doc/{document[1]}/t8/{name[1]}?lang=en")
    assert "<image" not in cell
    assert cell.count('class="marked number"') == 1
    assert re.search(r'class="marked number"><a href="[^"]+">1,465\.28</a>', cell)
    assert "<th" in cell[cell.index('class="printed"') : cell.index("marked")], "the header stands above"


def test_pictures_can_be_left_out(memory_folder: Path, store: Path) -> None:
    _publish(memory_folder / "budget.pdf", memory_folder / "plain", "--no-page-pictures")
    assert current(memory_folder / "plain").page_pictures == {}
    assert len(current(store).page_pictures) == 1


def test_a_cell_that_is_not_surely_read_says_so(client: FlaskClient, store: Path, document: str) -> None:
    cell = f"{current(store).metadata.base}id/doc/{document}/t1/r2c3"
    assert "Confidence of reading" not in _amount(client, document)
    statement = f"<{cell}> <https://w3id.org/budgetgraph/def#readingConfidence> 0.87"
    done = client.post("/update", headers=UPDATE, data=f"INSERT DATA {{ GRAPH <urn:g> {{ {statement} }} }}")
    assert done.status_code == 204
    assert "Confidence of reading 0.87 (0 to 1)" in _amount(client, document)
    assert "识读置信度 0.87" in _get(client, f"/doc/doc/{document}/t1/r2c3?lang=zh")


def test_a_write_keeps_the_pictures(client: FlaskClient, store: Path, document: str) -> None:
    before = current(store)
    done = client.post("/update", headers=UPDATE, data="INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> 1 } }")
    assert done.status_code == 204
    assert current(store).id != before.id
    assert client.get(f"/pages/{document}/1-1.png").status_code == 200
