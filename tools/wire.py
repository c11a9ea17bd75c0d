"""Write what is made from the endpoint table: the reference page and the front end's types.

python tools/wire.py            write
python tools/wire.py --check    fail when a file is not what would be written
"""

import sys
from pathlib import Path

from mlflow._wire.endpoints import ENDPOINTS
from mlflow._wire.openapi import typescript_types
from mlflow._wire.unbuilt import UNBUILT

ROOT = Path(__file__).parent.parent


def reference() -> str:
    """Return the page that lists every operation: built or not, and what it asks for."""
    lines = [
        "# REST operations",
        "",
        "Made from the endpoint table (`src/mlflow/_wire/endpoints.py`) by `tools/wire.py`. Each",
        "recorded operation is also reachable under `/ajax-api`. A running server describes the",
        "messages at `/api/openapi.json`.",
        "",
        f"## Built ({len(ENDPOINTS)})",
        "",
        "| Operation | Verb | Path | Permission |",
        "|---|---|---|---|",
    ]
    for row in ENDPOINTS:
        permission = f"{row.permission.resource.value}: {row.permission.level.value}"
        lines.append(f"| {row.name} | {row.method} | `{row.route}` | {permission} |")
    lines += [
        "",
        f"## Recorded, not built ({len(UNBUILT)} paths)",
        "",
        "They answer 501 `NOT_IMPLEMENTED`.",
        "",
        "| Verbs | Path |",
        "|---|---|",
    ]
    lines += [f"| {verbs} | `/api/{version}{path}` |" for version, path, verbs in UNBUILT]
    return "\n".join([*lines, ""])


def main() -> int:
    """Write or check the files; return how many differ in a check."""
    wanted = {
        ROOT / "docs" / "reference" / "rest.md": reference(),
        ROOT / "ui" / "src" / "api" / "wire.ts": typescript_types(),
    }
    stale = 0
    for path, text in wanted.items():
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale += 1
            print(f"{path.relative_to(ROOT)} is stale: run `python tools/wire.py`")
    return stale


if __name__ == "__main__":
    sys.exit(main())
