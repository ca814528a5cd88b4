"""What is written in pieces is looked at as a whole."""

import pytest

from budgetgraph.server.frames import FrameKind
from budgetgraph.server.outputs import new_output


def written(name: str, pieces: list[bytes]) -> tuple[bytes, bool]:
    """Return what is sent of pieces, and whether it is torn."""
    sent: list[bytes] = []

    def send(kind: FrameKind, data: bytes) -> None:
        sent.append(data)

    output = new_output(name, send, None)
    for piece in pieces:
        output.write(piece)
    return b"".join([*sent, output.rest()]), output.is_torn


@pytest.mark.parametrize("text", [b"<rdf:Description><oxprefix: x=", b"<a>\xef\xbf\xbf</a>", b"<a>\x01</a>"])
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_what_xml_cannot_hold_is_found_wherever_it_is_cut(text: bytes, size: int) -> None:
    with pytest.raises(ValueError, match="which XML cannot hold"):
        written("xml", [text[at : at + size] for at in range(0, len(text), size)])


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_rows_of_csv_are_counted_wherever_they_are_cut(size: int) -> None:
    for text, is_torn in ((b'a,b\n"1,\n2",3\n4,5\n', False), (b"a,b\nhttp://example.org/1,2,3\n", True)):
        assert written("csv", [text[at : at + size] for at in range(0, len(text), size)]) == (text, is_torn)
