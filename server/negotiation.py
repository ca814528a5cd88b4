"""Which of the offered media types a client gets: RFC 9110, 12.5.1, with weights, wildcards and specificity."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budgetgraph.server.exceptions import NotAcceptableError
from budgetgraph.server.formats import Format

_TCHARS = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_RANGE = re.compile(rf"\s*({_TCHARS})/({_TCHARS})\s*")
_PARAMETER = re.compile(rf';\s*({_TCHARS})\s*=\s*({_TCHARS}|"(?:[^"\\]|\\.)*")\s*')
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header. `quality` is in thousandths, so that it is compared exactly."""

    type: str
    subtype: str
    quality: int
    parameters: tuple[tuple[str, str], ...] = ()

    def specificity(self, media_type: str) -> int:
        """Return how closely this range names a type: 0 not at all, 1 */*, 2 type/*, 3 type/subtype.

        A range with parameters names only representations that have them, and those offered here have none but
        the charset, which is UTF-8 always.
        """
        if any((name, value.lower()) != ("charset", "utf-8") for name, value in self.parameters):
            return 0
        kind, _, subtype = media_type.partition("/")
        if self.type == kind:
            return 3 if self.subtype == subtype else 2 if self.subtype == "*" else 0
        return 1 if self.type == "*" else 0


def parse_accept(header: str) -> list[MediaRange]:
    """Return the ranges of an Accept header, in its order. An element that is not well-formed is left out.

    >>> [str(r.quality) for r in parse_accept("text/turtle, */*;q=0.5, broken")]
    ['1000', '500']
    """
    found = (_parse_range(element) for element in _elements(header))
    return [media_range for media_range in found if media_range is not None]


def choose_type(header: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type a client likes best, or None when it accepts none of them.

    The most specific range that names a type gives its quality; among equal ones the order of `offered` decides.
    No header, or one without a well-formed element, accepts everything.
    """
    ranges = parse_accept(header or "")
    if not ranges:
        return offered[0]
    qualities = [_quality(ranges, media_type) for media_type in offered]
    best = max(qualities)
    return offered[qualities.index(best)] if best > 0 else None


def choose_format(header: str | None, asked: str | None, offered: Sequence[Format]) -> Format:
    """Return the format of an answer: by the `format=` parameter if it is given, else by the Accept header.

    `asked` may be a format's name, its extension or a media type. An alias counts as the format, after all media
    types proper. Raises NotAcceptableError that lists what there is.
    """
    if asked:
        for candidate in offered:
            if asked.lower() in {candidate.name, candidate.extension, candidate.media_type, *candidate.aliases}:
                return candidate
        raise NotAcceptableError(f"format={asked[:80]} is not offered here. Offered: {_names(offered)}.")
    by_type: dict[str, Format] = {f.media_type: f for f in offered}
    for candidate in offered:
        for alias in candidate.aliases:
            by_type.setdefault(alias, candidate)
    chosen = choose_type(header, list(by_type))
    if chosen is None:
        raise NotAcceptableError(f"None of the media types accepted is offered here. Offered: {_names(offered)}.")
    return by_type[chosen]


def _names(offered: Iterable[Format]) -> str:
    return ", ".join(f"{f.media_type} (format={f.name})" for f in offered)


def _quality(ranges: Iterable[MediaRange], media_type: str) -> int:
    matching = [(r.specificity(media_type), r.quality) for r in ranges]
    closest = max(specificity for specificity, _ in matching)
    return max(quality for specificity, quality in matching if specificity == closest) if closest else 0


def _elements(header: str) -> list[str]:
    """Return the header's parts between commas, commas in quoted strings not counted."""
    return re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++', header)


def _parse_range(element: str) -> MediaRange | None:
    match = _RANGE.match(element)
    if match is None:
        return None
    kind, subtype = match[1].lower(), match[2].lower()
    if kind == "*" and subtype != "*":
        return None
    quality, parameters, end = 1000, [], match.end()
    while (found := _PARAMETER.match(element, end)) is not None:
        end = found.end()
        name, value = found[1].lower(), found[2].strip('"')
        if name != "q":
            parameters.append((name, value))
            continue
        if _WEIGHT.match(value) is None:
            return None
        quality = int(value.replace(".", "").ljust(4, "0")[:4])
        end = len(element)  # what follows the weight are extensions of Accept, which nobody uses
    return MediaRange(kind, subtype, quality, tuple(parameters)) if end == len(element) else None
