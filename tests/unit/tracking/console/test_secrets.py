"""Secrets do not get into what is kept."""

from __future__ import annotations

import pytest

from mlflow.tracking.console.secrets import MASK, Masker, own_secrets

# Put together here, so that no scanner of sources takes them for real ones.
KEY_ID = "AKIA" + "ABCDEFGHIJKLMNOP"
BEGIN = "-----BEGIN RSA PRIVATE" + " KEY-----"
END = "-----END RSA PRIVATE" + " KEY-----"


@pytest.mark.parametrize(
    "secret",
    [
        KEY_ID,
        "ghp_" + "a" * 36,
        "hf_" + "b" * 34,
        "sk-" + "proj-" + "c" * 30,
        "glpat-" + "d" * 20,
        "eyJ" + "hbGciOiJIUzI1" + ".eyJ" + "zdWIiOiIxMjM0" + ".abc-def",
    ],
)
def test_well_known_shapes_are_masked_in_any_text(secret: str) -> None:
    """The key is gone, what is around it stays."""
    assert Masker().mask(f"using {secret} now\n") == f"using {MASK} now\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=hunter22 x", f"password={MASK} x"),
        ("DB_PASSWORD: 'hunter22', y", f"DB_PASSWORD: '{MASK}', y"),
        ('{"api_key": "abc123", "n": 1}', f'{{"api_key": "{MASK}", "n": 1}}'),
        ("Authorization: Bearer abcdefgh.123", f"Authorization: Bearer {MASK}"),
        ("postgresql://me:s3cret@host/db", f"postgresql://me:{MASK}@host/db"),
        ("token: 'abcdefgh1234'", f"token: '{MASK}'"),
        ("aws_secret_access_key = abc/def+x", f"aws_secret_access_key = {MASK}"),
    ],
)
def test_what_follows_a_telling_word_is_masked(text: str, expected: str) -> None:
    """The word and the punctuation stay."""
    assert Masker().mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "epoch 3: loss=0.25 acc=0.9 100%|███| 10/10 [00:01<00:00]\n",
        "tokenizer loaded, 32000 tokens; max_tokens=512\n",
        "next_token=50256, eos_token: <|endoftext|>\n",
        "password=None\n",
        "see https://example.org:8080/path and sk-learn, task-based\n",
    ],
)
def test_harmless_text_is_left_alone(text: str) -> None:
    """Words that only look like secrets stay readable."""
    assert Masker().mask(text) == text


def test_a_private_key_is_masked_across_portions() -> None:
    """The block is replaced as a whole although its rows come one by one."""
    masker = Masker()
    rows = ["before\n", f"{BEGIN}\n", "MIIEpAIBAAKCAQEA\n", "abcdef\n", f"{END}\n", "after\n"]
    assert "".join(map(masker.mask, rows)) == f"before\n{MASK}\nafter\n"
    assert masker.peek(f"{BEGIN}\nMIIE") == f"{MASK}\n"
    assert masker.mask("free\n") == "free\n"


def test_values_of_own_variables_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and tokens of this process, and of its tracking URI, do not pass."""
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "correct-horse1")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "tok-12345678")
    monkeypatch.setenv("SERVICE_API_KEY", "zebra99x")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://me:p%40ss@host")
    masker = Masker(own_secrets())
    text = "correct-horse1 tok-12345678 zebra99x p%40ss p@ss"
    assert masker.mask(text) == " ".join([MASK] * 5)
