"""The transformers flavor, with small models made here, and a hub on this machine."""

import os
import pickle
from pathlib import Path

import hub_stand_in

os.environ["HF_ENDPOINT"] = hub_stand_in.serve(Path("hub"))
os.environ["HF_HOME"] = str(Path("home").resolve())

import numpy as np
import pandas as pd
import peft
import tokenizers
import torch
import transformers

from mlflow.models import infer_signature

HUB = Path("hub")
LIBRARY = ("transformers", "peft")
GROUP = "torch"
BESIDE = ("hub_stand_in.py",)
# What upstream fetches from the hub besides, and PEFT's own text about an adapter.
FILES = ("LICENSE.txt", "model_card.md", "model_card_data.yaml", "peft/README.md")
NEEDS = {"pip_requirements": ["transformers", "torch"]}

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] hello world good bad the a is this movie what who king"
SIZES = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
TEXTS = ["hello world", "this movie is good"]


def made(kind, **options):
    """Return a BERT of one layer."""
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS.split()),
        intermediate_size=32,
        max_position_embeddings=64,
        **SIZES,
        **options,
    )
    return kind(config).eval()


def worded():
    """Return a tokenizer of whole words that adds none of its own, with a template of chats."""
    words = {word: index for index, word in enumerate(WORDS.split())}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, "[UNK]"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner)
    tokenizer.add_special_tokens({"unk_token": "[UNK]", "pad_token": "[PAD]", "eos_token": "[SEP]"})
    tokenizer.chat_template = (
        "{% for one in messages %}{{ one['content'] }} {% endfor %}"
        "{% if add_generation_prompt %}who {% endif %}"
    )
    return tokenizer


def adapted(model, kind, modules, **options):
    """Return a model with an adapter that changes what it says."""
    torch.manual_seed(1)
    config = peft.LoraConfig(
        task_type=kind,
        r=2,
        lora_alpha=64,
        target_modules=modules,
        init_lora_weights=False,
        **options,
    )
    return peft.get_peft_model(model, config).eval()


def referring(tokenizer, generator):
    """Return models that name the hub's repositories, and adapters."""
    classifier = made(transformers.BertForSequenceClassification)
    for name, model, words in (
        ("org/tiny", classifier, tokenizer),
        ("org/plain", generator, worded()),
    ):
        model.save_pretrained(HUB / name)
        words.save_pretrained(HUB / name)
        (HUB / name / "README.md").write_text("# A model\n")
    named = transformers.pipeline("text-classification", model="org/tiny")
    inputs = {"text": "hello", "frame": pd.DataFrame({"x": TEXTS})}
    parts = {"model": named.model, "tokenizer": named.tokenizer}
    kind = transformers.AutoModelForSequenceClassification
    layer = ("SEQ_CLS", ["query"])
    on_hub = adapted(kind.from_pretrained("org/tiny"), *layer)
    unnamed = adapted(made(transformers.BertForSequenceClassification), *layer)
    classify = {"task": "text-classification", **NEEDS}
    folder = transformers.pipeline("text-classification", model="hub/org/tiny")
    return {
        "referred": (named, {"save_pretrained": False, **NEEDS}, inputs),
        "referred_parts": (parts, {"save_pretrained": False, **classify}, inputs),
        "not_on_hub": (folder, {"save_pretrained": False, **NEEDS}, inputs),
        "adapter": ({"model": on_hub, "tokenizer": named.tokenizer}, dict(classify), inputs),
        "adapter_saved": ({"model": unnamed, "tokenizer": tokenizer}, dict(classify), inputs),
    }


def endpoints(greedy):
    """Return models that answer as endpoints do."""
    named = transformers.pipeline("text-generation", model="org/plain")
    options = {"model_config": dict(greedy), **NEEDS}
    chat = {"messages": [{"role": "user", "content": "hello world"}]}
    longer = [{"role": "system", "content": "a"}, *chat["messages"]]
    asked = {"prompt": "hello world"}
    return {
        "completions": (
            named,
            {"task": "llm/v1/completions", **options},
            {
                "one": asked,
                "more": [asked, {"prompt": "movie"}],
                "frame": pd.DataFrame([asked, {"prompt": "movie"}]),
                "short": {**asked, "max_tokens": 2},
                "long": {**asked, "max_tokens": 9},
                "stopped": {**asked, "stop": ["world"]},
                "unused": {**asked, "own": 3},
                "several": {**asked, "n": 2},
                "nothing": {},
                "text": "hello",
                "chat": chat,
            },
        ),
        "chat": (
            named,
            {"task": "llm/v1/chat", **options},
            {
                "one": chat,
                "more": [chat, {"messages": longer}],
                "frame": pd.DataFrame([chat]),
                "short": {**chat, "max_tokens": 2},
                "stopped": {**chat, "stop": ["who"]},
                "likely": {**chat, "top_p": 0.9},
                "empty": {"messages": []},
                "wrong": {"messages": "hello"},
                "prompt": asked,
            },
        ),
        "chat_templated": (
            {"model": named.model, "tokenizer": named.tokenizer},
            {"task": "llm/v1/chat", "prompt_template": "this is {prompt} !", **options},
            {"one": chat},
        ),
    }


def settled(answer):
    """Return an answer without what no two have in common."""
    if isinstance(answer, list):
        return [settled(one) for one in answer]
    if isinstance(answer, dict) and "choices" in answer:
        return {key: value for key, value in answer.items() if key not in ("id", "created")}
    return answer


def models():
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    tokenizer = transformers.BertTokenizer(
        vocab={word: index for index, word in enumerate(WORDS.split())}
    )

    def pipeline(task, model):
        return transformers.pipeline(task, model=model, tokenizer=tokenizer)

    torch.manual_seed(3)
    generator = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=len(WORDS.split()),
            n_embd=32,
            n_layer=1,
            n_head=2,
            n_positions=64,
            bos_token_id=2,
            eos_token_id=3,
            pad_token_id=0,
        )
    ).eval()
    entailment = {0: "contradiction", 1: "neutral", 2: "entailment"}
    zero = made(
        transformers.BertForSequenceClassification,
        num_labels=3,
        id2label=entailment,
        label2id={label: index for index, label in entailment.items()},
    )
    classifier = made(transformers.BertForSequenceClassification)
    greedy = {"max_new_tokens": 4, "do_sample": False, "suppress_tokens": [2, 3]}
    inputs = {
        "texts": TEXTS,
        "text": "hello",
        "frame": pd.DataFrame({"x": TEXTS}),
        "array": np.array(TEXTS),
        "numbers": [1, 2],
    }
    masked = ["hello [MASK]", "this [MASK] is good"]
    zero_input = {
        "sequences": "hello world",
        "candidate_labels": ["good", "bad"],
        "hypothesis_template": "this is {}",
    }
    return {
        "classes": (pipeline("text-classification", classifier), dict(NEEDS), inputs),
        "example": (
            pipeline("text-classification", classifier),
            {"input_example": "hello world", **NEEDS},
            inputs,
        ),
        "pairs": (
            pipeline("text-classification", classifier),
            {"input_example": [{"text": "hello", "text_pair": "world"}], **NEEDS},
            {"frame": pd.DataFrame({"text": TEXTS, "text_pair": TEXTS})},
        ),
        "parts": (
            {"model": classifier, "tokenizer": tokenizer},
            {"task": "text-classification", **NEEDS},
            {"text": "hello"},
        ),
        "masks": (
            pipeline("fill-mask", made(transformers.BertForMaskedLM)),
            dict(NEEDS),
            {"texts": masked, "text": masked[0], "frame": pd.DataFrame({"x": masked})},
        ),
        "tokens": (
            pipeline("token-classification", made(transformers.BertForTokenClassification)),
            dict(NEEDS),
            inputs,
        ),
        "vectors": (
            pipeline("feature-extraction", made(transformers.BertModel)),
            dict(NEEDS),
            {"text": "hello world", "frame": pd.DataFrame({"x": TEXTS[:1]})},
        ),
        "zero": (
            pipeline("zero-shot-classification", zero),
            {"input_example": zero_input, **NEEDS},
            {"one": zero_input},
        ),
        "generated": (
            pipeline("text-generation", generator),
            {"model_config": greedy, **NEEDS},
            {"texts": TEXTS, "text": "hello", "frame": pd.DataFrame({"x": TEXTS})},
        ),
        "signed": (
            pipeline("text-generation", generator),
            {
                "signature": infer_signature("a", ["b"], {**greedy, "max_new_tokens": 2}),
                **NEEDS,
            },
            {"text": "hello", "longer": ("hello", {"max_new_tokens": 5})},
        ),
        "templated": (
            pipeline("text-generation", generator),
            {"prompt_template": "this is {prompt} !", "model_config": greedy, **NEEDS},
            {"text": "hello", "texts": TEXTS},
        ),
        "endpoint": (
            pipeline("feature-extraction", made(transformers.BertModel)),
            {"task": "llm/v1/embeddings", **NEEDS},
            {"one": {"input": "hello"}, "more": {"input": TEXTS}, "wrong": TEXTS},
        ),
        **referring(tokenizer, generator),
        **endpoints(greedy),
    }


def predict(model, data):
    if model.task == "zero-shot-classification":
        return model(**data)
    if model.task == "text-generation":
        return model("hello", max_new_tokens=3, do_sample=False, suppress_tokens=[2, 3])
    return model("hello [MASK]" if model.task == "fill-mask" else "hello world")


def hostile(folder, bomb):
    """Put a pickle where the weights are, and code that the configuration asks for beside it."""
    place = folder / "model"
    (place / "model.safetensors").unlink()
    (place / "pytorch_model.bin").write_bytes(pickle.dumps(bomb))
    (place / "own.py").write_text(f"import os\nos.mkdir({bomb.marker!r})\n")
    config = (place / "config.json").read_text()
    mapped = '{"auto_map": {"AutoModel": "own.Own"}, '
    (place / "config.json").write_text(config.replace("{", mapped, 1))
