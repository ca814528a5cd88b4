"""What is kept between requests is bounded, and forgotten in the right order."""

from flask import Response

from budgetgraph.server.responses import AnswerCache, PageCache


def _kept(cache: AnswerCache, number: int) -> list[int]:
    return [each for each in range(number) if cache.whole(str(each)) is not None]


def test_answers_without_a_byte_take_memory_too() -> None:
    cache = AnswerCache(100_000)
    for each in range(5000):
        cache.put(str(each), b"", None)
    found = _kept(cache, 5000)
    assert 100 <= len(found) <= 500
    assert found == list(range(5000 - len(found), 5000)), "the oldest go first"


def test_an_answer_that_is_used_stays_and_one_that_is_too_large_drops_no_other() -> None:
    cache = AnswerCache(10_000)
    for each in range(3):
        cache.put(str(each), b"a" * 3000, None)
    assert cache.whole("0") is not None
    cache.put("3", b"a" * 3000, None)
    cache.put("4", b"a" * 10_000, None)
    assert _kept(cache, 5) == [0, 2, 3]
    cache.put("3", b"b", None)
    assert cache.whole("3") == b"b"
    cache.put("5", b"a" * 3000, 7)
    answer = cache.get("5")
    assert answer is not None
    assert (cache.whole("5"), answer.cut) == (None, 7)


def test_a_page_is_made_once_unless_it_is_a_fault() -> None:
    made: list[int] = []

    def make() -> Response:
        made.append(200 if made else 404)
        return Response(f"page {len(made)}", made[-1])

    pages = PageCache()
    assert [pages.page("tag", make).get_data() for _ in range(3)] == [b"page 1", b"page 2", b"page 2"]
    assert made == [404, 200]
