"""Where a cut answer goes on, in the answer itself: the formats for solutions have a place for it in their heads.

SPARQL 1.1 Query Results JSON Format, 3.1.2 (`link`); SPARQL Query Results XML Format, 2.3.1 (`link`). CSV, TSV and
graphs have none; of these the headers alone tell.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from budgetgraph.server.answers import IN_MEMORY, Answer, new_file
from budgetgraph.server.formats import JSON, XML, Format

#: The beginning of an answer up to the end of its head. A name of a variable has no quote or bracket.
_JSON_HEAD = re.compile(rb'\s*\{\s*"head"\s*:\s*\{\s*"vars"\s*:\s*\[[^\]{}]*\](?=\s*\})')
_XML_HEAD = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<sparql\s[^>]*>\s*<head>\s*(?:<variable\s[^>]*/>\s*)*(?=</head>)")

_Write = Callable[[str], str]
_PLACES: Mapping[str, tuple[re.Pattern[bytes], _Write]] = {
    JSON.name: (_JSON_HEAD, lambda address: f',"link":[{json.dumps(address)}]'),
    XML.name: (_XML_HEAD, lambda address: f"<link href={quoteattr(address)}/>"),
}


def add_link(answer: Answer, written: Format, address: str, most: int | None) -> Answer:
    """Return the answer with a link in its head; as it is when its format has no place for one.

    Nor is it changed when its head is not as expected (another engine's may have links already), or when it would
    have more than `most` bytes.
    """
    if written.name not in _PLACES:
        return answer
    pattern, write = _PLACES[written.name]
    found = pattern.match(answer.file.read(IN_MEMORY))
    answer.file.seek(0)
    link = write(address).encode()
    if found is None or (most is not None and answer.size + len(link) > most):
        return answer
    file = new_file()
    with answer.file as rest:
        file.write(rest.read(found.end()))
        file.write(link)
        shutil.copyfileobj(rest, file)
    return Answer.of(file, answer.cut)
