"""Answers as responses, and the small ones kept to be given again."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request
from werkzeug.wsgi import wrap_file

from budgetgraph.server.answers import IN_MEMORY, Answer
from budgetgraph.server.exceptions import OverloadedError
from budgetgraph.server.formats import HTML

#: Bytes that an answer takes in the cache beside its own: 220 were measured.
_ENTRY = 256
#: Where the environment of a request has what tells how many bytes more may wait for their clients.
ROOM = "budgetgraph.room"


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    cut: int | None

    @property
    def size(self) -> int:
        """Return how many bytes it takes: many answers are shorter than what is needed to keep them."""
        return len(self.body) + _ENTRY

    def answer(self) -> Answer:
        return Answer(io.BytesIO(self.body), len(self.body), self.cut)


class AnswerCache:
    """Small answers by their entity tag, the least used dropped first. Safe to use from several threads.

    `most` is how many bytes are kept.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, tag: str) -> Answer | None:
        """Return an answer that is kept."""
        kept = self._get(tag)
        return kept.answer() if kept is not None else None

    def whole(self, tag: str) -> bytes | None:
        """Return an answer that is kept and was not cut."""
        kept = self._get(tag)
        return kept.body if kept is not None and kept.cut is None else None

    def keep(self, tag: str, answer: Answer) -> Answer:
        """Return the answer, kept if it is small."""
        if answer.size > min(IN_MEMORY, self._most):
            return answer
        return self.put(tag, b"".join(answer), answer.cut).answer()

    def put(self, tag: str, body: bytes, cut: int | None) -> _Kept:
        """Keep a small answer."""
        kept = _Kept(body, cut)
        if kept.size > self._most:
            return kept
        with self._lock:
            old = self._kept.pop(tag, None)
            self._size += kept.size - (old.size if old else 0)
            self._kept[tag] = kept
            while self._size > self._most:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.size
        return kept

    def _get(self, tag: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(tag)
            if kept is not None:
                self._kept.move_to_end(tag)
        return kept


class PageCache:
    """Pages that were made, by their entity tags: a page of a release never changes. Safe for threads.

    `most` is how many bytes are kept; the page that was not asked for longest goes first.
    """

    def __init__(self, most: int = 32 << 20) -> None:
        self._kept = AnswerCache(most)

    def page(self, tag: str, make: Callable[[], Response]) -> Response:
        """Return the page with a tag, made only when it is not kept."""
        kept = self._kept.whole(tag)
        if kept is not None:
            return Response(kept, content_type=HTML.content_type)
        response = make()
        if response.status_code == HTTPStatus.OK:
            self._kept.put(tag, response.get_data(), None)
        return response


def respond(answer: Answer, content_type: str) -> Response:
    """Return an answer as a response with its length. A large one is sent from its file, on nobody's thread.

    Raises OverloadedError when too many bytes wait already for clients that do not take them.
    """
    if answer.size <= IN_MEMORY:
        return Response(b"".join(answer), content_type=content_type)
    if request.method == "HEAD":
        answer.close()
        response = Response(content_type=content_type)
    else:
        room = request.environ.get(ROOM)
        if room is not None and answer.size > room():
            answer.close()
            raise OverloadedError(
                "Too many large answers wait for their clients to take them. Ask for less, or try again later.",
                retry_after=30,
            )
        body = wrap_file(request.environ, answer.file)
        response = Response(body, content_type=content_type, direct_passthrough=True)
        response.call_on_close(answer.close)
    response.content_length = answer.size
    return response
