"""ONNX: one and several inputs, tensors in a file of their own, options of the session."""

import pickle

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression

LIBRARY = ("onnx", "onnxruntime", "skl2onnx", "scikit-learn")
GROUP = "ci"
# Upstream finds no signature in an example.
DIFFERENT = ("signature", "is_signature_from_type_hint", "type_hint_from_example")
# Upstream gives the file of tensors a random name.
FILES = ("*.data",)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype("float32")
Y = (X[:, 0] > 0).astype(int)


def graph(operations, inputs, outputs, tensors=()):
    """Return a model of a few operations on matrices of floats."""
    kinds = [helper.make_node(kind, names, [out]) for kind, names, out in operations]
    made = helper.make_graph(
        kinds,
        "graph",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, w]) for n, w in inputs],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, w]) for n, w in outputs],
        list(tensors),
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model


def product(width):
    """Return a model that multiplies with a matrix of ones."""
    ones = numpy_helper.from_array(np.ones((4, width), "f4"), "W")
    return graph([("MatMul", ["x", "W"], "out")], [("x", 4)], [("out", width)], [ones])


def models():
    """Small models of every kind that predicts in another way."""
    classifier = to_onnx(LogisticRegression().fit(X, Y), X[:1])
    two = graph(
        [("Add", ["a", "b"], "s"), ("Sub", ["a", "b"], "d")],
        [("a", 1), ("b", 1)],
        [("s", 1), ("d", 1)],
    )
    options = {
        "graph_optimization_level": 99,
        "intra_op_num_threads": 1,
        "execution_mode": "sequential",
        "extra_session_config": {"session.disable_prepacking": "1"},
    }
    inputs = {
        "array": X[:2],
        "doubles": X[:2].astype("float64"),
        "whole": np.ones((2, 4), int),
        "frame": pd.DataFrame(X[:2]),
        "frame64": pd.DataFrame(X[:2].astype("float64")),
        "dict": {"x": X[:2]},
        "dict64": {"x": X[:2].astype("float64")},
        "wrong": {"nope": X[:2]},
        "list": X[:2].tolist(),
    }
    pair = {
        "dict": {"a": X[:2, :1], "b": X[:2, 1:2]},
        "array": X[:2],
        "frame": pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}),
        "missing": pd.DataFrame({"a": [1.0, 2.0]}),
    }
    return {
        "product": (product(2), {"input_example": X[:2]}, inputs),
        "classifier": (classifier, {}, inputs),
        "external": (product(2000), {}, inputs),
        "internal": (product(2000), {"save_as_external_data": False}, inputs),
        "two": (two, {}, pair),
        "options": (
            product(2),
            {
                "onnx_execution_providers": ["CPUExecutionProvider"],
                "onnx_session_options": options,
            },
            inputs,
        ),
    }


def predict(model, data):
    """Evaluate with the reference implementation; only arrays are an input of it."""
    name = model.graph.input[0].name
    if len(model.graph.input) > 1 or not isinstance(data, np.ndarray):
        return onnx.checker.check_model(model)
    return len(ReferenceEvaluator(model).run(None, {name: data.astype("float32")}))


def hostile(folder, bomb):
    """Put a pickle where the graph is."""
    (folder / "model.onnx").write_bytes(pickle.dumps(bomb))
