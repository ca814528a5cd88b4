from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.bodies.organisations import COLUMNS, Registry, is_uscc, parse_registry, unregistered
from budgetgraph.converter.exceptions import RegistryError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HEADER = ",".join(COLUMNS)


def registry(*rows: str) -> Registry:
    return Registry(parse_registry("\n".join([HEADER, *rows]), "bodies.csv"))


def row(**values: str) -> str:
    return ",".join(values.get(column, "") for column in COLUMNS)


WATER = row(
    id="xx-1", kind="department", name_zh="某某县水利局", other_names="某某县水务局|县水务局", short_names="水利办"
)
SERVICE = row(id="xx-1/u1", kind="unit", parent="xx-1", name_zh="服务中心", short_names="服务中心")


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return Registry.load()


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("中共武汉经开区工委（区委）办公室", "whkfq-0001"),
        (" 工委(区委) 办公室", "whkfq-0001"),
        ("江苏省委办公厅", "js-0001"),
        ("上海市普陀区财政局", "shpt-0002"),
        ("上海市普陀区万里街道社区党群服务中心", "shpt-0003/u2"),
        ("党政办公室", None),  # many bodies have one
        ("机关后勤服务中心", None),
        ("工委", None),
    ],
)
def test_bodies_are_found_by_their_own_names(shipped: Registry, name: str, identity: str | None) -> None:
    found = shipped.find(name, 2021)
    assert (found.id if found else None) == identity


def test_a_document_may_use_short_names(shipped: Registry) -> None:
    entry = shipped.find("工委（区委）办", 2021)
    assert entry is not None
    body = shipped.organisation(entry, ["党政办公室", "工委（区委）办", "别的办公室"])
    assert body.names == ("中共武汉经开区工委（区委）办公室", "党政办公室", "工委（区委）办")
    units = shipped.units(body, ["专用通信保障中心", "党委信息服务中心", "别的中心"])
    assert [(unit.id, unit.registered) for unit in units[:2]] == [("whkfq-0001/u2", True), ("whkfq-0001/u1", True)]
    assert (units[2].parent, units[2].names, units[2].registered) == ("whkfq-0001", ("别的中心",), False)
    assert units[2].id.isascii()
    assert units[2].id == shipped.units(body, ["别的 中心"])[0].id
    (of_version,) = shipped.units(body, ["别的中心"], 2021, "0123456789abcdef")
    assert of_version.id == "unregistered-0123456789abcdef/u1"


def test_names_have_years() -> None:
    known = registry(
        row(id="a", kind="department", name_zh="某某局", valid_to="2018"),
        row(id="b", kind="department", name_zh="某某局", valid_from="2019"),
    )
    assert [known.find("某某局", year).id for year in (2018, 2019)] == ["a", "b"]  # type: ignore[union-attr]


def test_a_name_of_two_bodies_is_refused_and_both_are_named() -> None:
    known = registry(
        row(id="a", kind="department", name_zh="某某局"),
        row(id="b", kind="department", name_zh="其他局", other_names="某某局"),
    )
    with pytest.raises(RegistryError, match=r"'某某局'.*a \(某某局\) and b \(其他局\)"):
        known.find("某某局", 2021)


def test_family(shipped: Registry) -> None:
    ids = ["whkfq-0001", "whkfq-0001/hq", "whkfq-0001/u1", "whkfq-0001/u2"]
    assert [entry.id for entry in shipped.family("whkfq-0001")] == ids
    assert [entry.id for entry in shipped.family("whkfq-0001/u1")] == ["whkfq-0001", "whkfq-0001/u1"]
    assert shipped.family("unregistered-0000000000000000") == ()


def test_unregistered_bodies_hold_for_one_version() -> None:
    body = unregistered("某某局", "0123456789abcdef")
    assert (body.id, body.names, body.registered) == ("unregistered-0123456789abcdef", ("某某局",), False)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(id="Ä", kind="department", name_zh="某局")], "line 2, column id: 'Ä'"),
        ([row(id="a", kind="bureau", name_zh="某局")], "line 2, column kind: 'bureau'. Use one of department"),
        ([row(id="a", kind="department")], "line 2, column name_zh: ''"),
        ([WATER, row(id="xx-1", kind="department", name_zh="某局")], "line 3, column id: 'xx-1' stands on line 2"),
        ([row(id="a", kind="unit", name_zh="某所")], "line 2, column parent: ''"),
        ([row(id="a", kind="unit", parent="b", name_zh="某所")], "line 2, column parent: 'b' is no body"),
        ([row(id="a", kind="department", parent="a", name_zh="某局")], "column parent: 'a' is the body itself"),
        ([row(id="a", kind="department", name_zh="某局", level="city")], "line 2, column level: 'city'"),
        ([row(id="a", kind="department", name_zh="某局", division="999999")], "line 2, column division: '999999'"),
        ([row(id="a", kind="department", name_zh="某局", uscc="123")], "line 2, column uscc: '123'"),
        ([row(id="a", kind="department", name_zh="某局", valid_from="19")], "line 2, column valid_from: '19'"),
        ([row(id="a", kind="department", name_zh="某局", valid_from="2020", valid_to="2019")], "column valid_to"),
        ([WATER + ",more"], "more cells than columns"),
    ],
)
def test_a_faulty_row_is_refused_with_its_place(rows: list[str], message: str) -> None:
    with pytest.raises(RegistryError) as error:
        registry(*rows)
    assert str(error.value).startswith("bodies.csv: ")
    assert message in str(error.value)


def test_faulty_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"nowhere\.csv: cannot be read"):
        Registry.load(tmp_path / "nowhere.csv")
    file = tmp_path / "bodies.csv"
    file.write_bytes(HEADER.encode() + b"\n\xff")
    with pytest.raises(RegistryError, match=r"bodies.csv: line 2: is no UTF-8"):
        Registry.load(file)
    file.write_text("id,kind\n", "utf-8")
    with pytest.raises(RegistryError, match=r"bodies.csv: line 1: no column parent, name_zh"):
        Registry.load(file)
    file.write_text(f"\ufeff{HEADER}\n{WATER}\n\n{SERVICE}", "utf-8")
    known = Registry.load(file)
    assert list(known.entries) == ["xx-1", "xx-1/u1"]


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_check_character_fits_and_one_wrong_character_is_found(body: str, place: int, other: str) -> None:
    fitting = [character for character in ALPHABET if is_uscc(body + character)]
    assert len(fitting) == 1
    changed = body[:place] + other + body[place + 1 :]
    assert is_uscc(changed + fitting[0]) == (changed == body)


def test_the_example_of_the_standard() -> None:
    assert is_uscc("91350100M000100Y43")


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y44", "91350100M000100Y4", "9135010OM000100Y43", "91350100m000100Y43"]
)
def test_no_codes(code: str) -> None:
    assert not is_uscc(code)


RENAMED = row(
    id="yy-1",
    kind="department",
    name_zh="某某县水利局",
    other_names="某某县水务局[2010-2018]|某某县水电局[-2009]|县水利局",
)


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        ("某某县水务局", 2010, True),
        ("某某县 水务局", 2018, True),
        ("某某县水务局", 2019, False),
        ("某某县水电局", 2000, True),
        ("某某县水电局", 2010, False),
        ("某某县水利局", 2000, True),  # of the official name no years are known
        ("县水利局", 2021, True),
    ],
)
def test_a_former_name_is_known_in_its_years(name: str, year: int, found: bool) -> None:
    assert (registry(RENAMED).find(name, year) is not None) == found


def test_a_former_name_is_kept_without_its_years() -> None:
    entry = registry(RENAMED).entries["yy-1"]
    assert entry.names == ("某某县水利局", "某某县水务局", "某某县水电局", "县水利局")
    assert entry.dated == {"某某县水务局": (2010, 2018), "某某县水电局": (None, 2009)}


@pytest.mark.parametrize("years", ["2010", "-", "2018-2010", "20-18", "von-bis"])
def test_years_that_are_none_are_refused(years: str) -> None:
    with pytest.raises(RegistryError, match=r"line 2, column other_names: '.*'. Give the years of a name as"):
        registry(row(id="a", kind="department", name_zh="某局", other_names=f"旧局[{years}]"))


REFORMED = f"{HEADER},predecessors"


def reformed(*rows: tuple[str, str]) -> Registry:
    """Return a registry of departments, each with its predecessors as the file writes them."""
    lines = [
        f"{row(id=identity, kind='department', name_zh=f'某某县{identity}局')},{before}" for identity, before in rows
    ]
    return Registry(parse_registry("\n".join([REFORMED, *lines]), "bodies.csv"))


#: a and b became c in 2019, of which d and e were made in 2024; f has nothing to do with them.
CHAIN = (("a", ""), ("b", ""), ("c", "a[2019]|b[2019]"), ("d", "c[2024]"), ("e", "c[2024]"), ("f", ""))


@pytest.mark.parametrize("identity", ["a", "b", "c", "d", "e"])
def test_a_body_comes_with_what_it_was_before_and_what_it_became(identity: str) -> None:
    assert [entry.id for entry in reformed(*CHAIN).family(identity)] == ["a", "b", "c", "d", "e"]


def test_reforms_are_known_in_both_directions() -> None:
    known = reformed(*CHAIN)
    assert known.predecessors("c") == {"a": 2019, "b": 2019}
    assert known.successors("c") == {"d": 2024, "e": 2024}
    assert known.successors("f") == known.predecessors("f") == {}
    assert [entry.id for entry in known.family("f")] == ["f"]


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("a", "line 3, column predecessors: 'a'. Give the id of a body and the year"),
        ("a[19]", "column predecessors: 'a[19]'"),
        ("x[2019]", "line 3, column predecessors: 'x' is no body of the registry"),
        ("b[2019]", "line 3, column predecessors: 'b' is the body itself"),
    ],
)
def test_a_faulty_predecessor_is_refused_with_its_place(before: str, message: str) -> None:
    with pytest.raises(RegistryError) as error:
        reformed(("a", ""), ("b", before))
    assert message in str(error.value)
