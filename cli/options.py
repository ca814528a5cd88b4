"""Options and lines that several commands share."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from budgetgraph.cli.errors import console, say
from budgetgraph.converter.bodies.organisations import Registry
from budgetgraph.converter.budget import Objective
from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.identifiers import DEFAULT_BASE, check_base
from budgetgraph.converter.pipeline import Conversion, Settings
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import Profile, parse_profile
from budgetgraph.converter.sources.bundles import open_publications
from budgetgraph.converter.sources.search import Publication


def _checked_base(ctx: click.Context, parameter: click.Parameter, value: str) -> str:  # noqa: ARG001
    try:
        return check_base(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


class StoreFolder(click.Path):
    """A folder that is or becomes a store. An address is refused: this version keeps its store in a folder."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder as a path."""
        if str(value).startswith(("http://", "https://")):
            self.fail(f"{value} is an address; a store is a folder in this version. Name a folder.", param, ctx)
        return super().convert(value, param, ctx)


def conversion_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how sources are converted; `settings_from` takes their values."""
    for option in (
        click.option(
            "--profile",
            "profiles",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Layout profile (YAML) to try before those that ship. May be given several times.",
        ),
        click.option(
            "--registry",
            type=click.Path(path_type=Path),
            help="Registry of organisations (CSV). Default: the one that ships.",
        ),
        click.option(
            "--base",
            default=DEFAULT_BASE,
            show_default=True,
            callback=_checked_base,
            help="What all IRIs of the data begin with.",
        ),
    ):
        command = option(command)
    return command


def settings_from(base: str, registry: Path | None, profiles: tuple[Path, ...]) -> Settings:
    """Return the settings that the options of `conversion_options` name."""
    return Settings(base, Registry.load(registry), tuple(map(_load_profile, profiles)))


def _load_profile(path: Path) -> Profile:
    try:
        return parse_profile(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}. Give a YAML file in UTF-8.") from None


@contextmanager
def opened(sources: Iterable[Path], settings: Settings, jobs: int = 1) -> Iterator[list[Publication]]:
    """Give the publications that the sources hold, and say what was joined, kept apart or left out."""
    with open_publications(sources, settings, jobs) as found:
        for note in found.notes:
            say(note)
        yield found.publications


def track(publications: list[Publication], what: str) -> Iterator[Publication]:
    """Yield the publications; show a progress bar on a terminal when there are several, plain lines otherwise."""
    if len(publications) > 1 and console.is_terminal:
        from rich.progress import track as progress

        yield from progress(publications, what, console=console)
        return
    for number, publication in enumerate(publications, start=1):
        if len(publications) > 1:
            say(f"{what} {number}/{len(publications)}: {publication.name}")
        yield publication


def counted(number: int, noun: str) -> str:
    """Return how many there are of something: "1 document", "2 documents"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def summary_of(conversion: Conversion) -> list[str]:
    """Return a line on what was converted, and one for each fault that cost data."""
    budget, coverage = conversion.budget, conversion.coverage
    observations = sum(len(d.figures) for d in budget.data_sets)
    indicators = sum(len(o.indicators) for o in _objectives(conversion))
    head = (
        f"{budget.source.name}: {budget.department.names[0]} {budget.fiscal_year}: "
        f"{counted(sum(t.official for t in budget.tables), 'table')}, {counted(observations, 'observation')}, "
        f"{counted(len(budget.projects), 'project')}, {counted(indicators, 'indicator')}, "
        f"{counted(len(budget.claims), 'claim')}; "
        f"{counted(coverage.numeric_cells, 'numeric cell')}: {coverage.converted} converted, "
        f"{sum(coverage.explained.values())} explained, {coverage.unexplained} unexplained; "
        f"{sum(conversion.ledger.withheld.values())} personal data withheld"
    )
    faults = [problem for problem in conversion.problems if problem.severity is not Severity.INFO]
    return [head, *(f"  {budget.source.name}: {problem}" for problem in faults)]


def _objectives(conversion: Conversion) -> Iterable[Objective]:
    yield from conversion.budget.objectives
    for project in conversion.budget.projects:
        yield from project.objectives
