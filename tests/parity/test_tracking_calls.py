"""A script of calls of the tracking store answers here as it does in upstream, but for a list."""

from pathlib import Path
from typing import Final

from tests.parity.upstream import our_python, run_script, upstream_python

_SCRIPT: Final = Path(__file__).with_name("tracking_calls_script.py")

# Part and call -> why the answer is another one on purpose.
DIFFERENCES: Final = {
    ("experiments", "get id "): "an empty id is no id; there it is the default experiment",
    ("experiments", "set any tag"): "keys may hold any character",
    ("experiments", "rename deleted"): "INVALID_PARAMETER_VALUE; there a failure of the server",
    ("experiments", "rename to taken"): "a name is taken by its experiment; there both have it",
    ("runs", "created"): "a new run has empty outputs at once; there None until it is read",
    ("metrics", "any key"): "keys may hold any character",
    ("inputs", "no list"): "wrong types are an MlflowException; there a TypeError",
    ("inputs", "models made again"): "to log the same again is no error; there BAD_REQUEST",
    ("inputs", "found by search"): "search returns the models that a run read; there none",
    ("models", "params same"): "to log the same again is no error; there BAD_REQUEST",
    ("models", "params changed"): "INVALID_PARAMETER_VALUE as for runs; there BAD_REQUEST",
    ("models", "unknown model"): "RESOURCE_DOES_NOT_EXIST; there BAD_REQUEST",
    ("models", "collision"): "every point is kept; there BAD_REQUEST",
    ("models", "two datasets"): "every point is kept; there BAD_REQUEST",
}


def test_the_store_answers_as_upstream_does() -> None:
    """The same calls give the same answers and error codes, or the difference is listed."""
    python = upstream_python()
    text = _SCRIPT.read_text("utf-8")
    theirs = run_script(python, text, None)
    ours = run_script(our_python(), text, None)
    assert [(part, [label for label, *_ in answers]) for part, answers in theirs.items()] == [
        (part, [label for label, *_ in answers]) for part, answers in ours.items()
    ]
    found = {
        (part, their[0]): (their[1:], our[1:])
        for part, answers in theirs.items()
        for their, our in zip(answers, ours[part], strict=True)
        if their != our
    }
    unlisted = {key: pair for key, pair in found.items() if key not in DIFFERENCES}
    assert not unlisted
    assert found.keys() == DIFFERENCES.keys()
    assert sum(map(len, ours.values())) > 200
