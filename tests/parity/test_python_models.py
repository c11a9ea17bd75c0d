"""Python models of every shape: what either implementation writes predicts alike in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.parity.upstream import our_python, run_script, upstream_python

if TYPE_CHECKING:
    from pathlib import Path

# Ours gives the agent; upstream says that there is none.
_UNWRAPPED = {
    (name, "class")
    for name in ("agent", "agent_example", "answers", "chat", "chat_example", "code_agent")
}
_OWN_TO_THE_FOLDER = {"model_uuid", "utc_time_created", "model_size_bytes"}

_HEAD = """
import json, logging, os, pathlib, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import mlflow
import pandas as pd
"""

_WRITE = (
    _HEAD
    + r"""
from typing import Any, Optional, Union
import pydantic
from mlflow.models import infer_signature
from mlflow.pyfunc import ChatAgent, ChatModel, PythonModel, ResponsesAgent
from mlflow.types.agent import ChatAgentChunk, ChatAgentMessage, ChatAgentResponse
from mlflow.types.llm import (
    ChatChoice, ChatChoiceDelta, ChatChunkChoice, ChatCompletionChunk, ChatCompletionResponse,
    ChatMessage,
)
from mlflow.types.responses import ResponsesAgentResponse, ResponsesAgentStreamEvent
from mlflow.types.type_hints import TypeFromExample

class Item(pydantic.BaseModel):
    x: int
    y: Optional[str] = None

def show(data):
    if isinstance(data, pd.DataFrame):
        return "frame " + str(data.to_dict("list"))
    return type(data).__name__ + " " + str(data)

class Plain(PythonModel):
    def predict(self, context, model_input, params=None):
        return [show(model_input), str(params)]

class Files(PythonModel):
    def load_context(self, context):
        self.text = pathlib.Path(context.artifacts["words"]).read_text()
    def predict(self, context, model_input):
        return [self.text, str(context.model_config), sorted(context.artifacts)]

class Numbers(PythonModel):
    def predict(self, model_input: list[int], params: Optional[dict] = None) -> list[str]:
        return [show(model_input)]

class Items(PythonModel):
    def predict(self, context, model_input: list[Item]) -> list[str]:
        return [show(model_input)]

class Unions(PythonModel):
    def predict(self, model_input: list[Union[int, str]]) -> list[Any]:
        return [show(model_input)]

class Maps(PythonModel):
    def predict(self, model_input: list[dict[str, list[float]]]) -> list[dict[str, int]]:
        return [{name: len(values) for name, values in one.items()} for one in model_input]

class Example(PythonModel):
    def predict(self, model_input: TypeFromExample):
        return [show(model_input)]

class Frame(PythonModel):
    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        return model_input * 2

class Stream(PythonModel):
    def predict(self, context, model_input):
        return show(model_input)
    def predict_stream(self, context, model_input, params=None):
        yield show(model_input)
        yield str(params)

def function(x):
    return [show(x)]

def hinted(x: list[str]) -> list[str]:
    return [show(x)]

@mlflow.pyfunc.utils.pyfunc
def decorated(x: list[int]):
    return [show(x)]

def answer(content):
    return ChatChoice(message=ChatMessage(role="assistant", content=content))

class Chat(ChatModel):
    def predict(self, context, messages, params):
        return ChatCompletionResponse(choices=[answer(repr((messages, params)))], created=1)
    def predict_stream(self, context, messages, params):
        delta = ChatChoiceDelta(content=repr(messages))
        yield ChatCompletionChunk(choices=[ChatChunkChoice(delta=delta)], created=1)

class ShortChat(ChatModel):
    def predict(self, messages, params):
        return ChatCompletionResponse(choices=[answer("short")], created=1)

class Agent(ChatAgent):
    def predict(self, messages, context=None, custom_inputs=None):
        text = repr((messages, context, custom_inputs))
        message = ChatAgentMessage(role="assistant", content=text, id="1")
        return ChatAgentResponse(messages=[message])
    def predict_stream(self, messages, context=None, custom_inputs=None):
        delta = ChatAgentMessage(role="assistant", content=repr(messages), id="1")
        yield ChatAgentChunk(delta=delta)

class Answers(ResponsesAgent):
    def predict(self, request):
        item = self.create_text_output_item(text=repr(request), id="1")
        return ResponsesAgentResponse(output=[item], custom_outputs=request.custom_inputs)
    def predict_stream(self, request):
        item = self.create_text_output_item(text=repr(request), id="1")
        yield ResponsesAgentStreamEvent(type="response.output_item.done", item=item)

CODE = '''
import mlflow
from mlflow.models import ModelConfig, set_model
config = ModelConfig(development_config={"a": 0})
class FromCode(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[str]) -> list[str]:
        return [str(config.get("a")), str(context.model_config), str(model_input)]
set_model(FromCode())
'''
AGENT_CODE = '''
from mlflow.models import set_model
from mlflow.pyfunc import ResponsesAgent
from mlflow.types.responses import ResponsesAgentResponse
class FromCode(ResponsesAgent):
    def predict(self, request):
        item = self.create_text_output_item(text=repr(request), id="1")
        return ResponsesAgentResponse(output=[item])
set_model(FromCode())
'''
FUNCTION_CODE = '''
from mlflow.models import set_model
def function(x):
    return ["from code", str(x)]
set_model(function)
'''
HELPED = '''
import helper_of_the_model
from mlflow.models import set_model
set_model(lambda x: helper_of_the_model.answer())
'''

def main(folder):
    pathlib.Path("words.txt").write_text("a b c")
    for name, text in (("code", CODE), ("agent", AGENT_CODE), ("function", FUNCTION_CODE),
                       ("helped", HELPED),
                       ("helper_of_the_model", "def answer():\n    return ['helped']\n")):
        pathlib.Path(name + ".py").write_text(text)
    sys.path.insert(0, os.getcwd())
    def save(name, model, **options):
        options = {"python_model": model, "pip_requirements": ["pydantic"], **options}
        mlflow.pyfunc.save_model(folder + "/" + name, **options)
    save("plain", Plain())
    save("plain_example", Plain(), input_example=["a"])
    save("plain_params", Plain(), input_example=(["a"], {"k": 1.5}))
    save("plain_given", Plain(), signature=infer_signature(["a"], ["b"], {"k": 1}))
    save("files", Files(), artifacts={"words": "words.txt", "more": "words.txt"},
         model_config={"a": 1})
    save("numbers", Numbers())
    save("numbers_example", Numbers(), input_example=([1, 2], {"k": 1}))
    save("items", Items(), input_example=[Item(x=1)])
    save("unions", Unions())
    save("maps", Maps(), input_example=[{"a": [1.5]}])
    save("from_list", Example(), input_example=["a", "b"])
    save("from_dicts", Example(), input_example=[{"a": 1.5}])
    save("from_frame", Example(), input_example=pd.DataFrame({"a": [1.5]}))
    save("frame", Frame(), input_example=pd.DataFrame({"a": [1.5]}))
    save("stream", Stream())
    save("stream_given", Stream(), signature=infer_signature(["a"], params={"k": 1}))
    save("function", function)
    save("function_example", function, input_example=["a"])
    save("hinted", hinted)
    save("decorated", decorated)
    save("chat", Chat())
    messages = [{"role": "user", "content": "x"}]
    save("chat_example", ShortChat(), input_example={"messages": messages}, metadata={"own": 1})
    save("agent", Agent())
    save("agent_example", Agent(),
         input_example={"messages": messages, "context": {"user_id": "k"}})
    save("answers", Answers())
    save("code", "code.py", model_config={"a": 7})
    save("code_agent", "agent.py")
    save("code_function", pathlib.Path("function.py"))
    save("code_helped", "helped.py", infer_code_paths=True)
"""
)

_READ = (
    _HEAD
    + r"""
import numpy as np
MESSAGES = [{"role": "user", "content": "hi"}]
TOOLS = [{"type": "function", "function": {
    "name": "f", "parameters": {"properties": {"a": {"type": "string"}}}}}]
CALL = {"role": "assistant", "tool_calls": [
    {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}
DATA = {
    "texts": ["a", "b"], "text": "a", "numbers": [1, 2], "mixed": [1, "2"], "none": [1, None],
    "flags": [True], "floats": [1.5], "tuple": (1, 2), "empty": [], "number": 1,
    "series": pd.Series([1, 2]), "array": np.array([1, 2]), "nested": [[1]], "bytes": [b"a"],
    "dict": {"a": 1}, "dict of list": {"a": [1.5]}, "dicts": [{"a": 1.5}], "maps": [{"a": [1.5]}],
    "bad maps": [{"a": [1]}, {"a": "x"}, {1: [1.5]}],
    "items": [{"x": 1}, {"x": 2, "y": "k"}], "bad items": [{"x": "1"}, {}, 5],
    "frame": pd.DataFrame({"a": [1.5, 2]}), "wide": pd.DataFrame({"a": ["x"], "b": [None]}),
    "items frame": pd.DataFrame({"x": [1, 2], "y": ["a", None]}),
    "objects frame": pd.DataFrame({0: [{"x": 1}]}), "whole frame": pd.DataFrame({"a": [1]}),
    "messages": {"messages": MESSAGES}, "no role": {"messages": [{"content": "x"}]},
    "no content": {"messages": [{"role": "user"}]}, "messages text": {"messages": "x"},
    "extra": {"messages": MESSAGES, "bogus": 1}, "no messages": {"messages": []},
    "chat": {"messages": MESSAGES, "temperature": 0.5, "max_tokens": 3, "stop": ["x"]},
    "integer": {"messages": MESSAGES, "temperature": 1},
    "float n": {"messages": MESSAGES, "n": 1.5},
    "chat inputs": {"messages": MESSAGES, "custom_inputs": {"a": [1, {"b": None}]}},
    "tools": {"messages": MESSAGES, "tools": TOOLS}, "calls": {"messages": [CALL]},
    "context": {"messages": MESSAGES, "context": {"user_id": "u"}},
    "messages frame": pd.DataFrame([{"messages": MESSAGES}]),
    "input": {"input": MESSAGES}, "bad input": {"input": [{"role": "user"}]},
    "input text": {"input": "x"}, "empty input": {"input": []},
    "output": {"input": [{"type": "function_call_output", "call_id": "1", "output": "o"}]},
    "request": {"input": MESSAGES, "custom_inputs": {"a": 1}, "context": {"user_id": "u"},
                "temperature": 1, "stream": True},
    "input frame": pd.DataFrame([{"input": MESSAGES}]),
}
PARAMS = (None, {"k": 2}, {"bogus": 1})

def answer(function, *arguments):
    try:
        result = function(*arguments)
        if hasattr(result, "__next__"):
            result = list(result)
    except Exception as error:
        return ["!", type(error).__name__, getattr(error, "error_code", None)]
    return result.to_dict("list") if isinstance(result, pd.DataFrame) else str(result)

def main(folder):
    answers = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        try:
            model = mlflow.pyfunc.load_model(path)
        except Exception as error:
            answers[name] = "not loaded: " + repr(error)
            continue
        meta = model.metadata
        answers[name] = {
            "signature": meta.signature.to_dict() if meta.signature else None,
            "class": answer(lambda: type(model.unwrap_python_model()).__name__),
            "config": model.model_config,
            "example": str(meta.load_input_example(path)),
            "serving": meta.get_serving_input(path),
            **{kind: answer(model.predict, data) for kind, data in DATA.items()},
            **{"stream " + kind: answer(model.predict_stream, data) for kind, data in DATA.items()},
        }
        for params in PARAMS:
            answers[name]["with " + str(params)] = answer(model.predict, ["a"], params)
    return answers
"""
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Let each implementation write the same models."""
    written = {}
    for name, python in (("upstream", upstream_python()), ("ours", our_python())):
        written[name] = tmp_path_factory.mktemp(name)
        run_script(python, _WRITE, str(written[name]))
    return written


def _different(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}: {case}": (ours[name][case], theirs[name][case])
        for name in theirs
        for case in theirs[name]
        if ours[name][case] != theirs[name][case] and (name, case) not in _UNWRAPPED
    }


@pytest.mark.parametrize("writer", ["upstream", "ours"])
def test_both_predict_alike_what_either_writes(folders: dict[str, Path], writer: str) -> None:
    """Answers, errors, signatures and examples are the same in both, whoever wrote the folder."""
    folder = str(folders[writer])
    theirs = run_script(upstream_python(), _READ, folder)
    ours = run_script(our_python(), _READ, folder)
    assert ours.keys() == theirs.keys()
    assert _different(ours, theirs) == {}


def test_the_files_are_the_same(folders: dict[str, Path]) -> None:
    """MLmodel has the same keys in the same order and the same values; so do the examples."""
    for theirs in sorted(folders["upstream"].iterdir()):
        ours = folders["ours"] / theirs.name
        assert _names(ours) == _names(theirs), theirs.name
        mine, other = _mlmodel(ours), _mlmodel(theirs)
        assert list(mine) == list(other), theirs.name
        for key in mine.keys() - _OWN_TO_THE_FOLDER:
            assert mine[key] == other[key], (theirs.name, key)
        for name in ("input_example.json", "serving_input_example.json"):
            if (theirs / name).exists():
                assert (ours / name).read_text() == (theirs / name).read_text(), theirs.name


def _names(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if "__pycache__" not in str(path)
    )


def _mlmodel(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((folder / "MLmodel").read_text())
    if folder.name == "chat_example":  # ours keeps the task beside the user's metadata
        content["metadata"].pop("task", None)
    function = content["flavors"]["python_function"]
    if "model_code_path" in function:  # ours is no path of the machine that wrote it
        function["model_code_path"] = function["model_code_path"].rpartition("/")[2]
    return content
