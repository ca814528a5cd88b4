"""Tables that are printed again, as CSV and as a page."""

import csv
from collections.abc import Iterator, Sequence
from html import escape
from io import StringIO

import yaml

from budgetgraph.converter.reprint.tables import ReprintedPublication, ReprintedTable

_STYLE = (
    "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #888;padding:.2em .5em}"
    ".amount{text-align:right;font-variant-numeric:tabular-nums}"
)


def to_csv(table: ReprintedTable) -> str:
    """Return number, title, unit, rows and notes as CSV (RFC 4180); all lines have as many fields."""
    output = StringIO()
    lines = [[line] for line in table.heading() if line]
    below = [[note] for note in table.notes]
    rows = [*lines, *table.matrix(), *below]
    csv.writer(output).writerows([*row, *[""] * (table.columns - len(row))] for row in rows)
    return output.getvalue()


def description(publication: ReprintedPublication, files: Sequence[str]) -> str:
    """Return the publication.yaml for a folder with these files, which makes them one publication again."""
    title = f"{publication.body}{publication.title}" if publication.body else publication.title
    return yaml.safe_dump({"title": title, "files": list(files)}, allow_unicode=True, sort_keys=False)


def to_html(publications: Sequence[ReprintedPublication]) -> str:
    """Return one self-contained page with all tables."""
    return "".join(_html(publications))


def _html(publications: Sequence[ReprintedPublication]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8"><title>'
    yield escape(publications[0].title)
    yield f"</title><style>{_STYLE}</style></head><body>\n"
    for publication in publications:
        title, *rest = publication.front()
        yield f"<h1>{escape(title)}</h1>\n" + "".join(f"<p>{escape(line)}</p>\n" for line in rest)
        for table in publication.tables:
            yield from _table(table)
    yield "</body></html>\n"


def _table(table: ReprintedTable) -> Iterator[str]:
    caption = "<br/>".join(escape(line) for line in table.heading() if line)
    yield f'<table id="{table.id}"><caption>{caption}</caption>\n'
    placed = {(c.row, c.column): c for c in table.cells}
    covered = {
        (c.row + r, c.column + k) for c in table.cells for r in range(c.rowspan) for k in range(c.colspan) if r or k
    }
    for row in range(1, table.rows + 1):
        yield "<tr>"
        for column in range(1, table.columns + 1):
            cell = placed.get((row, column))
            if cell is None:
                yield "" if (row, column) in covered else "<td></td>"
                continue
            tag = "th" if cell.role in {"header", "column-number"} else "td"
            spans = "".join(
                f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
            )
            css = ' class="amount"' if cell.role == "amount" else ""
            yield f"<{tag}{spans}{css}>{escape(cell.text)}</{tag}>"
        yield "</tr>\n"
    yield "</table>\n"
    yield from (f"<p>{escape(note)}</p>\n" for note in table.notes)
