"""Page tokens: opaque, checked, and those of upstream."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow._search.page_token import START, Position, Scalar, decode, encode, fingerprint
from mlflow.exceptions import MlflowException

SCALARS = st.one_of(st.none(), st.text(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False))


@given(st.lists(SCALARS, max_size=5))
def test_a_place_comes_back_as_it_was(place: list[Scalar]) -> None:
    """Texts, numbers and missing values round-trip exactly, the infinities too."""
    mark = fingerprint("order")
    assert decode(encode(place, mark), mark, len(place)) == Position(after=tuple(place))


def _upstream(body: str) -> str:
    return base64.b64encode(body.encode()).decode()


@pytest.mark.parametrize("token", [None, "", b""])
def test_no_token_is_the_first_page(token: str | None) -> None:
    """Nothing means the start."""
    assert decode(token, "mark", 2) == START


@pytest.mark.parametrize(
    ("token", "offset"),
    [
        (_upstream('{"offset": 7}'), 7),
        (_upstream('{"offset": 7}').encode(), 7),
        (_upstream('{"experiment_ids": ["1"], "filter_string": null, "offset": 2}'), 2),
        (_upstream('{"offset": -1}'), 0),
    ],
)
def test_tokens_that_count_rows_are_taken(token: str, offset: int) -> None:
    """Upstream's tokens, text or bytes, say how many rows to leave out."""
    assert decode(token, "mark", 2) == Position(offset=offset)


@pytest.mark.parametrize(
    "token",
    [
        "bogus",
        "é",
        5,
        _upstream("[]"),
        _upstream("{}"),
        _upstream('{"offset": "x"}'),
        _upstream('{"offset": null}'),
        _upstream('{"offset": 1e999}'),
        _upstream('{"o": "mark", "a": [[1], 2]}'),
        _upstream("[" * 100_000),
        encode([1], "mark"),
        encode([1, 2], "another"),
    ],
)
def test_damaged_and_foreign_tokens_are_refused(token: str) -> None:
    """A token that is damaged, or of another order, is an error and never a guess."""
    with pytest.raises(MlflowException, match="page token") as caught:
        decode(token, "mark", 2)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
