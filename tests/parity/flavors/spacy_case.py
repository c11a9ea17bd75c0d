"""spaCy: a text categorizer, and a pipeline that has none."""

import pickle

import pandas as pd
import spacy
from spacy.training import Example

LIBRARY = ("spacy",)
GROUP = "libs"
BESIDES = ("cython",)  # upstream lists what the library imports
TEXTS = pd.DataFrame({"text": ["very good", "so bad"]})


def _trained(name):
    spacy.util.fix_random_seed(0)
    pipeline = spacy.blank("en")
    component = pipeline.add_pipe(name)
    for label in ("GOOD", "BAD"):
        component.add_label(label)
    facts = [("very good", {"GOOD": 1.0, "BAD": 0.0}), ("very bad", {"GOOD": 0.0, "BAD": 1.0})]
    examples = [
        Example.from_dict(pipeline.make_doc(text), {"cats": cats}) for text, cats in facts * 4
    ]
    optimizer = pipeline.initialize(lambda: examples)
    for _ in range(3):
        pipeline.update(examples, sgd=optimizer)
    return pipeline


def models():
    """Small pipelines."""
    inputs = {
        "frame": TEXTS,
        "series": TEXTS["text"],
        "list": ["very good"],
        "text": "very good",
        "columns": pd.DataFrame({"text": ["a"], "other": ["b"]}),
    }
    return {
        "categorizer": (_trained("textcat"), {"input_example": TEXTS}, inputs),
        "several": (_trained("textcat_multilabel"), {"metadata": {"k": 1}}, {"frame": TEXTS}),
    }


def predict(model, data):
    """Predict as the library does."""
    return [model(text).cats for text in data["text"]]


def hostile(folder, bomb):
    """Put a pickle where the weights are."""
    (folder / "model.spacy" / "textcat" / "model").write_bytes(pickle.dumps(bomb))
