"""Text -> the words it is found by.

Chinese has no spaces between words, and most words have two characters. Text is cut into single characters and
into pairs of neighbours; a query of two characters or more is a phrase of pairs, which stand together only where
the text holds the query as a whole. Latin words and numbers are found by their beginnings, names by their pinyin too.
"""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

#: Stands between runs in the index, so that no phrase reaches over their ends: a letter that no text has (U+01C0).
_STOP = "ǀ"

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def runs(text: str) -> list[str]:
    """Return the runs of Chinese characters, and of Latin letters and digits, folded in width and case.

    >>> runs("2021年 “三公”经费：ＡＢＣ")
    ['2021', '年', '三公', '经费', 'abc']
    """
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def is_han(run: str) -> bool:
    """Tell whether a run is Chinese."""
    return _HAN.match(run) is not None


def pairs(run: str) -> list[str]:
    """Return the neighbouring pairs of a run.

    >>> pairs("公务接待")
    ['公务', '务接', '接待']
    """
    return [run[i : i + 2] for i in range(len(run) - 1)]


def index_text(text: str) -> str:
    """Return the words of a text as the index keeps them: pairs with a space between, a stop after each run."""
    words: list[str] = []
    for run in runs(text):
        words += [*pairs(run), _STOP] if is_han(run) and len(run) > 1 else [run, _STOP]
    return " ".join(words)


def index_characters(text: str) -> str:
    """Return the single characters of a text, each once."""
    return " ".join(dict.fromkeys(character for run in runs(text) if is_han(run) for character in run))


def index_pinyin(text: str) -> str:
    """Return a name in pinyin: its syllables, the whole of them together, and their initials.

    >>> index_pinyin("财政局")
    'cai zheng ju caizhengju czj'
    """
    han = "".join(run for run in runs(text) if is_han(run))
    if not han:
        return ""
    syllables = lazy_pinyin(han)
    initials = "".join(lazy_pinyin(han, style=Style.FIRST_LETTER))
    return " ".join([*syllables, "".join(syllables), initials])


def match_expression(text: str) -> str | None:
    """Return what is asked for as an FTS5 expression, None when it has no word to look for.

    Every run must be found. Chinese of two characters or more in names or text, one character anywhere, Latin words
    by their beginning in names, text or pinyin.
    """
    parts = []
    for run in runs(text):
        if not is_han(run):
            parts.append(f'{{name text pinyin}} : "{run}" *')
        elif len(run) == 1:
            parts.append(f'characters : "{run}"')
        else:
            parts.append(f'{{name text}} : "{" ".join(pairs(run))}"')
    return " AND ".join(parts) or None
