"""Damaged files of every form: a reader gives blocks or one of the project's own errors, and so does the converter.

The damage is the same in every run; for a wider one, raise EXAMPLES and CONVERTED.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetgraph.converter.exceptions import ConverterError, SourceError
from budgetgraph.converter.pipeline import convert
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.isolation import read_isolated
from tests.converter.readers.mutation import mutated
from tests.converter.test_every_form import WRITTEN

#: Damaged files of each form that are read, and that are converted.
EXAMPLES, CONVERTED = 60, 8

SEEDS = st.integers(0, 2**32)
forms = pytest.mark.parametrize("form", WRITTEN)


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@cache
def written(form: str) -> bytes:
    return WRITTEN[form]()


def damaged(form: str, seed: int, folder: Path) -> Path:
    others = sorted(WRITTEN)
    path = folder / f"damaged.{form}"
    path.write_bytes(mutated(written(form), written(others[seed % len(others)]), seed))
    return path


@pytest.fixture(scope="module", autouse=True)
def without_recognition() -> Iterator[None]:
    """A page that loses its text may count as a picture; recognising it is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("budgetgraph.converter.readers.pdf.reader.is_installed", lambda: False)
        yield


@forms
def test_readers_raise_source_errors_and_nothing_else(form: str, tmp_path: Path):
    @bounded(EXAMPLES)
    @given(SEEDS)
    def read(seed: int) -> None:
        with suppress(SourceError):
            read_document(damaged(form, seed, tmp_path))

    read()


@forms
def test_the_converter_raises_its_own_errors_and_nothing_else(form: str, tmp_path: Path):
    @bounded(CONVERTED)
    @given(SEEDS)
    def converted(seed: int) -> None:
        with suppress(ConverterError):
            convert(damaged(form, seed, tmp_path))

    converted()


@pytest.mark.parametrize("form", [form for form in WRITTEN if not form.startswith("pdf")])
def test_within_the_limits_no_reader_fails_or_ends_its_process(form: str, tmp_path: Path):
    for seed in range(3):
        try:
            read_isolated(damaged(form, seed, tmp_path))
        except SourceError as error:
            assert "the reader failed" not in str(error)  # noqa: PT017 - most files are refused, some are read
            assert "ended the process" not in str(error)  # noqa: PT017
