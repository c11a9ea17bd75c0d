"""The pickle module with which whole models are saved: what cloudpickle writes, pickle reads."""

from pickle import Unpickler, load, loads

from cloudpickle import Pickler, dump, dumps

__all__ = ["Pickler", "Unpickler", "dump", "dumps", "load", "loads"]
