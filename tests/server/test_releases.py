"""A store directory through its life: published, replaced, pruned, refused, interrupted."""

import fcntl
import json
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox
import pytest

from budgetgraph.server import loading, publishing
from budgetgraph.server.exceptions import NoReleaseError, NotFoundError, ReleaseCheckError, StoreBusyError, StoreError
from budgetgraph.server.publishing import build_release, roll_back
from budgetgraph.server.releases import ReleaseMetadata, current, kept_releases

BASE = "https://data.example.org/"


def metadata(*documents: str, superseded: tuple[str, ...] = ()) -> ReleaseMetadata:
    return ReleaseMetadata(BASE, documents, "0.0", superseded)


def data_graph(document: str, *statements: str) -> bytes:
    graph = f"<{BASE}graph/doc/{document}/data>"
    return "".join(f"{statement} {graph} .\n" for statement in statements).encode()


ONE = data_graph("0001", "<urn:a> <urn:p> <urn:b>", "<urn:a> <urn:p> _:node", "_:node <urn:p> 'x'".replace("'", '"'))
OTHER = data_graph("0002", "<urn:a> <urn:p> <urn:b>", "<urn:a> <urn:q> _:node")


def default_graph(store: Path) -> list[ox.Quad]:
    opened = ox.Store.read_only(str(current(store).quads_path))
    return list(opened.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def names(store: Path) -> set[str]:
    return {path.name for path in (store / "releases").iterdir()}


def test_a_release_tells_what_it_holds(tmp_path: Path) -> None:
    release = build_release(tmp_path / "new" / "store", [ONE, OTHER], metadata("0001", "0002"))
    assert (release.quads, release.triples) == (5, 4)
    assert current(tmp_path / "new" / "store") == release
    told = json.loads((release.path / "release.json").read_text("utf-8"))
    assert told["documents"] == ["0001", "0002"]
    assert told["converter_version"] == "0.0"


def test_the_default_graph_has_each_statement_once(tmp_path: Path) -> None:
    build_release(tmp_path, [ONE, OTHER], metadata("0001", "0002"))
    found = [quad for quad in default_graph(tmp_path) if quad.object == ox.NamedNode("urn:b")]
    assert len(found) == 1


def test_equal_labels_of_blank_nodes_in_two_sources_are_two_nodes(tmp_path: Path) -> None:
    build_release(tmp_path, [ONE, OTHER], metadata("0001", "0002"))
    blank = {quad.object for quad in default_graph(tmp_path) if isinstance(quad.object, ox.BlankNode)}
    assert len(blank) == 2


def test_a_superseded_version_is_reached_by_its_graph_only(tmp_path: Path) -> None:
    build_release(tmp_path, [ONE, OTHER], metadata("0001", "0002", superseded=("0001",)))
    opened = ox.Store.read_only(str(current(tmp_path).quads_path))
    assert len(list(opened.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}graph/doc/0001/data")))) == 3
    assert {quad.predicate.value for quad in default_graph(tmp_path)} == {"urn:p", "urn:q"}
    assert len(default_graph(tmp_path)) == 2


def test_reads_trig_and_nquads_files(tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text(f"<{BASE}graph/doc/0001/data> {{ <urn:a> <urn:p> <urn:b> }}", "utf-8")
    (tmp_path / "b.nq").write_bytes(OTHER)
    release = build_release(tmp_path / "store", [tmp_path / "a.trig", tmp_path / "b.nq"], metadata("0001", "0002"))
    assert release.quads == 3


def test_old_releases_are_kept_to_a_number(tmp_path: Path) -> None:
    ids = [build_release(tmp_path, [ONE], metadata("0001"), keep=2).id for _ in range(5)]
    assert len(set(ids)) == 5
    assert names(tmp_path) == set(ids[-3:])
    assert current(tmp_path).id == ids[-1]


def test_names_of_releases_go_up_although_the_clock_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([datetime(2026, 3, 2, tzinfo=UTC), *[datetime(2026, 3, 1, tzinfo=UTC)] * 11])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:  # noqa: ARG003
            return cls.combine((time := next(times)).date(), time.timetz())

    monkeypatch.setattr(publishing, "datetime", Clock)
    ids = [build_release(tmp_path, [ONE], metadata("0001"), keep=2).id for _ in range(12)]
    assert ids == sorted(set(ids))
    assert names(tmp_path) == set(ids[-3:])


@pytest.mark.parametrize(
    ("graphs", "documents", "said"),
    [
        ([], (), "empty"),
        ([b""], (), "empty"),
        ([ONE], ("0001", "0002"), "0002 has no graph"),
        ([ONE, OTHER], ("0001",), "belongs to no document"),
        ([ONE, ONE], ("0001",), "already in"),
        ([ONE, b"broken"], ("0001",), "graphs 2: is not well-formed"),
        ([ONE, b'<urn:a> <urn:p> "outside" .\n'], ("0001",), "outside a named graph"),
        ([Path("/nowhere/x.nq")], (), "nowhere"),
        ([Path("/nowhere/x.ttl")], (), "neither .nq nor .trig"),
    ],
)
def test_a_bad_release_never_goes_live(
    tmp_path: Path, graphs: Iterable[Path | bytes], documents: tuple[str, ...], said: str
) -> None:
    before = build_release(tmp_path, [ONE], metadata("0001"))
    with pytest.raises(StoreError, match=said):
        build_release(tmp_path, graphs, metadata(*documents))
    assert current(tmp_path) == before
    assert names(tmp_path) == {before.id}


def test_a_release_that_lost_a_statement_never_goes_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_release(tmp_path, [ONE], metadata("0001"))

    load = loading.load

    def load_and_lose(directory: Path, *rest: Any) -> Any:
        tally = load(directory, *rest)
        stored = ox.Store(directory)
        stored.remove(next(iter(stored)))
        stored.flush()
        return tally

    monkeypatch.setattr(publishing, "load", load_and_lose)
    with pytest.raises(ReleaseCheckError, match="holds 5 statements where 6 were loaded"):
        build_release(tmp_path, [ONE], metadata("0001"))
    assert current(tmp_path) == before


def test_one_publisher_at_a_time(tmp_path: Path) -> None:
    before = build_release(tmp_path, [ONE], metadata("0001"))
    with (tmp_path / ".publish.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError, match="another process is publishing"):
            build_release(tmp_path, [OTHER], metadata("0002"))
    assert current(tmp_path) == before
    assert build_release(tmp_path, [OTHER], metadata("0002")).quads == 2


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="budgetgraph publish"):
        current(tmp_path)
    with pytest.raises(NoReleaseError, match="budgetgraph publish"):
        current(tmp_path / "missing")


def test_a_damaged_store_says_what_to_do(tmp_path: Path) -> None:
    release = build_release(tmp_path, [ONE], metadata("0001"))
    (release.path / "release.json").write_text("{}", "utf-8")
    with pytest.raises(StoreError, match=r"release\.json: is not readable.*Publish again"):
        current(tmp_path)
    (tmp_path / "current").unlink()
    (tmp_path / "current").write_text("", "utf-8")
    with pytest.raises(StoreError, match="no link"):
        current(tmp_path)


def test_the_link_holds_when_the_store_is_moved(tmp_path: Path) -> None:
    build_release(tmp_path / "store", [ONE], metadata("0001"))
    (tmp_path / "store").rename(tmp_path / "moved")
    assert current(tmp_path / "moved").quads == 3
    assert not (tmp_path / "moved" / "current").readlink().is_absolute()


def test_an_older_release_is_made_live_again(tmp_path: Path) -> None:
    first, second, third = (build_release(tmp_path, [ONE], metadata("0001")) for _ in range(3))
    assert roll_back(tmp_path) == current(tmp_path) == second
    assert roll_back(tmp_path) == first
    with pytest.raises(StoreError, match="no release before"):
        roll_back(tmp_path)
    assert roll_back(tmp_path, third.id) == current(tmp_path) == third
    for name in ("20260101T000000.000000Z-00000000", "../releases", ""):
        with pytest.raises(NotFoundError, match="Kept: "):
            roll_back(tmp_path, name)
    assert current(tmp_path) == third
    assert kept_releases(tmp_path) == [third.id, second.id, first.id]


def amounts(*values: str) -> bytes:
    bud, qb = "https://w3id.org/budgetgraph/def#", "http://purl.org/linked-data/cube#"
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    true = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    lines = [f"<urn:d> <{bud}canonical> {true}"]
    for number, value in enumerate(values):
        lines.append(f'<urn:o{number}> <{bud}amount> "{value}"{decimal}')
        lines.append(f"<urn:o{number}> <{qb}dataSet> <urn:d>")
        lines.append(f"<urn:o{number}> <{bud}isLeaf> {true}")
    return data_graph("0001", *lines)


def test_a_release_keeps_the_totals_of_canonical_data_sets(tmp_path: Path) -> None:
    release = build_release(tmp_path, [amounts("1200.50", "0.05", "-3")], metadata("0001"))
    assert release.totals == {"urn:d": "1197.55"}


def test_a_release_whose_totals_changed_never_goes_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_release(tmp_path, [amounts("1", "2")], metadata("0001"))
    load = loading.load

    def load_and_change(directory: Path, *rest: Any) -> Any:
        tally = load(directory, *rest)
        stored = ox.Store(directory)
        bud, xsd = "https://w3id.org/budgetgraph/def#", "http://www.w3.org/2001/XMLSchema#"
        for wrong in list(stored.quads_for_pattern(ox.NamedNode("urn:o0"), ox.NamedNode(f"{bud}amount"), None)):
            stored.remove(wrong)
            stored.add(
                ox.Quad(
                    wrong.subject,
                    wrong.predicate,
                    ox.Literal("9", datatype=ox.NamedNode(f"{xsd}decimal")),
                    wrong.graph_name,
                )
            )
        stored.flush()
        return tally

    monkeypatch.setattr(publishing, "load", load_and_change)
    with pytest.raises(ReleaseCheckError, match="add up to 11"):
        build_release(tmp_path, [amounts("1", "2")], metadata("0001"))
    assert current(tmp_path) == before
