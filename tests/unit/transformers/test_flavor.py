"""Pipelines of transformers: arguments that are refused, devices, code of the model's own."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import mlflow
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from pathlib import Path

with warnings.catch_warnings():  # of the library's own import
    warnings.simplefilter("ignore")
    pytest.importorskip("torch", reason="torch is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")
_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] hello world"


def _pipeline(task: str = "text-classification") -> Any:
    """Return a pipeline of one layer."""
    words = _WORDS.split()
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=2
    )
    kinds = {"text-classification": "BertForSequenceClassification"}
    model = getattr(transformers, kinds.get(task, "BertModel"))(config).eval()
    tokenizer = transformers.BertTokenizer(vocab={word: index for index, word in enumerate(words)})
    return transformers.pipeline(task, model=model, tokenizer=tokenizer)


def test_components_come_back_as_they_were_given(tmp_path: Path) -> None:
    """The components and the pipeline that is made of them are the same."""
    given = _pipeline()
    parts = {"model": given.model, "tokenizer": given.tokenizer}
    mlflow.transformers.save_model(parts, str(tmp_path / "m"), task="text-classification")
    found = mlflow.transformers.load_model(str(tmp_path / "m"), return_type="components")
    assert type(found["model"]) is type(given.model)
    assert found["tokenizer"].get_vocab() == given.tokenizer.get_vocab()
    assert mlflow.transformers.load_model(str(tmp_path / "m"))("hello") == given("hello")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": "llm/v1/chat"}, "not a supported task"),
        ({"base_model_path": "."}, "not a PEFT model"),
        ({"prompt_template": "Q: {prompt}"}, "not supported for the `text-classification`"),
        ({"transformers_model": {"a": 1}}, "'a'"),
        ({"transformers_model": {"model": "org/name"}}, "name_or_path"),
        ({"transformers_model": 5}, "must be one of"),
        ({"transformers_model": "no folder"}, "`task`"),
        ({"transformers_model": "no folder", "task": "fill-mask"}, "config.json"),
        (
            {"transformers_model": ".", "task": "fill-mask", "save_pretrained": False},
            "set to True",
        ),
    ],
)
def test_what_cannot_be_saved_is_an_error(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    """Nothing is half done that looks like a model."""
    given = {"transformers_model": _pipeline(), "path": str(tmp_path / "m"), **options}
    with pytest.raises(MlflowException, match=message):
        mlflow.transformers.save_model(**given)
    assert not (tmp_path / "m" / "MLmodel").exists()


def test_a_template_needs_a_place_for_the_prompt(tmp_path: Path) -> None:
    """One place, no more and no less."""
    with pytest.raises(MlflowException, match="single place"):
        mlflow.transformers.save_model(
            _pipeline("feature-extraction"), str(tmp_path / "m"), prompt_template="Q:"
        )


def test_a_class_that_is_not_the_librarys_counts_as_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy decides before anything of it is imported."""
    mlflow.transformers.save_model(_pipeline(), str(tmp_path / "m"))
    path = tmp_path / "m" / "MLmodel"
    meta = yaml.safe_load(path.read_text())
    meta["flavors"]["transformers"]["pipeline_model_type"] = "Own"
    path.write_text(yaml.safe_dump(meta))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(MlflowException, match="MLFLOW_ALLOW_PICKLE"):
        mlflow.transformers.load_model(str(tmp_path / "m"))


def test_params_that_the_pipeline_does_not_take_are_an_error(tmp_path: Path) -> None:
    """The error names the pipeline."""
    mlflow.transformers.save_model(
        _pipeline(), str(tmp_path / "m"), model_config={"function_to_apply": "nonsense"}
    )
    with pytest.raises(MlflowException, match="TextClassificationPipeline"):
        mlflow.pyfunc.load_model(str(tmp_path / "m")).predict("hello")


def _words() -> Any:
    """Return a tokenizer of whole words that adds none of its own."""
    tokenizers = pytest.importorskip("tokenizers", reason="comes with transformers")
    inner = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: at for at, word in enumerate(_WORDS.split())}, "[UNK]")
    )
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=inner)


def _generator() -> Any:
    """Return a pipeline that goes on with one word after another."""
    config = transformers.GPT2Config(
        vocab_size=len(_WORDS.split()), n_embd=8, n_layer=1, n_head=2, n_positions=64
    )
    model = transformers.GPT2LMHeadModel(config).eval()
    return transformers.pipeline("text-generation", model=model, tokenizer=_words())


def test_what_an_endpoint_cannot_be_asked_is_an_error(tmp_path: Path) -> None:
    """Its signature is the task's; a conversation needs a template; tasks are the pipeline's."""
    path = str(tmp_path / "m")
    with pytest.raises(MlflowException, match="signature of its own"):
        mlflow.transformers.save_model(
            _generator(), path, task="llm/v1/chat", signature=mlflow.models.infer_signature("a")
        )
    with pytest.raises(MlflowException, match=r"Must be one of \['llm/v1/completions'"):
        mlflow.transformers.save_model(_generator(), path, task="llm/v1/rerank")
    mlflow.transformers.save_model(_generator(), path, task="llm/v1/chat")
    function = mlflow.pyfunc.load_model(path)
    message = {"messages": [{"role": "user", "content": "hello"}]}
    with pytest.raises(MlflowException, match="chat template"):
        function.predict(message)


def test_each_request_is_answered_as_it_asks(tmp_path: Path) -> None:
    """Lengths, stops and a temperature of zero are each request's own, also without a hub."""
    path = str(tmp_path / "m")
    mlflow.transformers.save_model(
        _generator(), path, task="llm/v1/completions", model_config={"do_sample": False}
    )
    function = mlflow.pyfunc.load_model(path)
    asked = {"prompt": "hello world", "temperature": 0.0, "n": 1, "stream": False}
    short, longer = function.predict([{**asked, "max_tokens": 2}, {**asked, "max_tokens": 5}])
    assert [one["usage"]["completion_tokens"] for one in (short, longer)] == [2, 5]
    assert short["usage"]["prompt_tokens"] == 2
    assert {one["choices"][0]["finish_reason"] for one in (short, longer)} == {"length"}
    word = longer["choices"][0]["text"].split()[0]
    (stopped,) = function.predict({**asked, "max_tokens": 5, "stop": [word]})
    assert stopped["choices"][0] == {"index": 0, "finish_reason": "stop", "text": word}


def _adapted(model: Any) -> Any:
    """Return a model with an adapter that changes what it says."""
    peft = pytest.importorskip("peft", reason="peft is not installed")
    config = peft.LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=64, target_modules=["query"], init_lora_weights=False
    )
    return peft.get_peft_model(model, config).eval()


def test_an_adapter_and_the_weights_below_it_come_back(tmp_path: Path) -> None:
    """The weights below are those without the adapter, exactly; and the given model is unharmed."""
    given = _pipeline()
    torch = pytest.importorskip("torch")
    before = {name: value.clone() for name, value in given.model.state_dict().items()}
    parts = {"model": _adapted(given.model), "tokenizer": given.tokenizer}
    expected = parts["model"](torch.tensor([[2, 5, 3]])).logits
    mlflow.transformers.save_model(parts, str(tmp_path / "m"), task="text-classification")
    found = mlflow.transformers.load_model(str(tmp_path / "m"), return_type="components")
    assert torch.equal(found["model"](torch.tensor([[2, 5, 3]])).logits, expected)
    assert torch.equal(parts["model"](torch.tensor([[2, 5, 3]])).logits, expected)
    kind = transformers.BertForSequenceClassification
    below = kind.from_pretrained(tmp_path / "m" / "model").state_dict()
    assert below.keys() == before.keys()
    assert all(torch.equal(below[name], value) for name, value in before.items())
    assert "peft" in (tmp_path / "m" / "requirements.txt").read_text()


def test_the_model_below_an_adapter_may_stay_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is named, may be another one at load, and can be brought in."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    given = _pipeline()
    given.model.save_pretrained(tmp_path / "base")
    parts = {"model": _adapted(given.model), "tokenizer": given.tokenizer}
    expected = transformers.pipeline("text-classification", **parts)("hello")
    path = str(tmp_path / "m")
    mlflow.transformers.save_model(
        parts, path, task="text-classification", base_model_path=str(tmp_path / "base")
    )
    assert not (tmp_path / "m" / "model").exists()
    assert mlflow.transformers.load_model(path)("hello") == expected
    (tmp_path / "base").rename(tmp_path / "moved")
    with pytest.raises(MlflowException, match="does not exist"):
        mlflow.transformers.load_model(path)
    moved = mlflow.transformers.load_model(path, base_model_path=str(tmp_path / "moved"))
    assert moved("hello") == expected
    (tmp_path / "moved").rename(tmp_path / "base")
    for _ in range(2):  # the second time there is nothing to do
        mlflow.transformers.persist_pretrained_model(path)
    (tmp_path / "base").rename(tmp_path / "moved")
    assert mlflow.transformers.load_model(path)("hello") == expected
    with pytest.raises(MlflowException, match="saved with `base_model_path`"):
        mlflow.transformers.load_model(path, base_model_path=str(tmp_path / "moved"))
