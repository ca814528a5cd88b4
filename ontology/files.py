"""Where the ontology's files are, for all that loads them: server, shapes, tests."""

from pathlib import Path

#: A wheel is always unpacked when it is installed, so this holds there too, and costs no import.
FOLDER = Path(__file__).resolve().parent


def ontology_files() -> list[Path]:
    """Return the vocabulary, the data structure definitions and the limits of services, as Turtle files."""
    return [FOLDER / "budget.ttl", FOLDER / "structure.ttl", FOLDER / "service.ttl"]


def alignment_files() -> list[Path]:
    """Return the alignments to other vocabularies, as Turtle files; nothing here depends on them."""
    return sorted(FOLDER.glob("alignment-*.ttl"))


def read_ontology() -> str:
    """Return vocabulary and structures as one Turtle document."""
    return "\n".join(path.read_text(encoding="utf-8") for path in ontology_files())
