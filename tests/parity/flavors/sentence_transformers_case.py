"""The sentence-transformers flavor, with a small model made here: no hub is asked."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
import json
import pickle

import numpy as np
import pandas as pd
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as modules

LIBRARY = ("sentence-transformers",)
GROUP = "torch"
FILES = ("model.sentence_transformer/README.md",)
NEEDS = {"pip_requirements": ["sentence-transformers", "transformers", "torch"]}

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "hello",
    "world",
    "good",
    "bad",
    "the",
    "a",
    "is",
    "this",
    "movie",
]


def made():
    """Return a model of one layer."""
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    transformers.BertModel(config).save_pretrained("bert")
    vocabulary = {word: index for index, word in enumerate(WORDS)}
    transformers.BertTokenizer(vocab=vocabulary).save_pretrained("bert")
    return SentenceTransformer(modules=[modules.Transformer("bert"), modules.Pooling(32)])


def models():
    model = made()
    texts = ["hello world", "this movie is good"]
    inputs = {
        "texts": texts,
        "text": "hello",
        "frame": pd.DataFrame({"x": texts, "y": texts}),
        "dictionary": {"x": "hello"},
        "numbers": [1],
    }
    return {
        "plain": (model, dict(NEEDS), inputs),
        "example": (
            model,
            {"input_example": (texts, {"batch_size": 2}), **NEEDS},
            {**inputs, "batch": (texts, {"batch_size": 1})},
        ),
        "endpoint": (
            model,
            {"task": "llm/v1/embeddings", "inference_config": {"batch_size": 4}, **NEEDS},
            {"one": {"input": "hello"}, "more": {"input": texts}, "wrong": texts},
        ),
    }


def predict(model, data):
    texts = data if isinstance(data, list) and isinstance(data[0], str) else ["hello"]
    return np.asarray(model.encode(texts))


def hostile(folder, bomb):
    """Put a pickle where the weights are, and a module of the model's own beside it."""
    place = folder / "model.sentence_transformer"
    (place / "model.safetensors").unlink()
    (place / "pytorch_model.bin").write_bytes(pickle.dumps(bomb))
    (place / "own.py").write_text(f"import os\nos.mkdir({bomb.marker!r})\nclass Own: pass\n")
    listed = json.loads((place / "modules.json").read_text())
    listed[0]["type"] = "own.Own"
    (place / "modules.json").write_text(json.dumps(listed))
