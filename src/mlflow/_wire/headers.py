"""The names of the headers that have a meaning beyond HTTP's own."""

from typing import Final

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
# ``<journal id>;<sequence>;<floor>``: see ``store.entities.request_key``.
JOURNAL: Final = "Headrace-Journal"
REQUEST_ID: Final = "X-Request-Id"
# Every answer of our server carries its version, so that clients know what they may use.
VERSION: Final = "Headrace-Version"
# The sha256 of an artifact's whole content, in hex.
SHA256: Final = "Headrace-Sha256"
# Who asks, as the client says; believed where the server knows nobody.
USER: Final = "Headrace-User"
