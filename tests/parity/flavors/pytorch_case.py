"""The PyTorch flavor: a traced graph, a whole module, TorchScript."""

import numpy as np
import pandas as pd
import torch
from torch import nn

LIBRARY = ("torch",)
GROUP = "torch"
# Upstream's second interpreter takes along all that torch happens to load.
NEEDS = {"pip_requirements": ["torch", "cloudpickle"]}

X = np.arange(6, dtype=np.float32).reshape(2, 3)


class Net(nn.Module):
    """A module of this file, with parts that training changes."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.ReLU())
        self.head = nn.Linear(4, 2)

    def forward(self, data):
        return self.head(self.layers(data))


def trained():
    """Return the module after a few steps."""
    torch.manual_seed(0)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(5):
        optimizer.zero_grad()
        net(torch.tensor(X)).pow(2).mean().backward()
        optimizer.step()
    return net.eval()


def models():
    net = trained()
    inputs = {
        "array": X,
        "frame": pd.DataFrame(X, index=[3, 4]),
        "wide": pd.DataFrame(X.astype(float)),
        "list": X.tolist(),
        "double": X.astype(float),
        "device": (X, {"device": "cpu"}),
    }
    return {
        "pickle": (net, {"serialization_format": "pickle", **NEEDS}, inputs),
        "example": (
            net,
            {"serialization_format": "pickle", "input_example": X, **NEEDS},
            inputs,
        ),
        "columns": (
            net,
            {"serialization_format": "pickle", "input_example": pd.DataFrame(X), **NEEDS},
            inputs,
        ),
        "traced": (
            net,
            {"input_example": X, **NEEDS},
            {**inputs, "one": X[:1], "more": X.repeat(3, 0)},
        ),
        "pt2": (net, {"serialization_format": "pt2", "input_example": X, **NEEDS}, inputs),
        "exported": (net, {"export_model": True, "input_example": X, **NEEDS}, inputs),
        "script": (torch.jit.script(net), {"serialization_format": "pickle", **NEEDS}, inputs),
    }


def predict(model, data):
    with torch.no_grad():
        return model(torch.tensor(data if isinstance(data, np.ndarray) else X))


def hostile(folder, bomb):
    torch.save(bomb, folder / "data" / "model.pth")
