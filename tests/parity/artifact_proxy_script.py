"""Artifacts through a tracking server, as a program uses them; runs unchanged in either client."""

from pathlib import Path
from typing import Any

import mlflow
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository


def main(payload: Any) -> Any:
    """Log, list, download and delete through the server of the payload, and say what came."""
    mlflow.set_tracking_uri(payload["uri"])
    client = mlflow.MlflowClient()
    local = Path("local")
    (local / "sub folder").mkdir(parents=True)
    (local / "a.txt").write_text("hello")
    (local / "empty").write_bytes(b"")
    (local / "sub folder" / "é.bin").write_bytes(bytes(range(256)))
    found: dict[str, Any] = {}

    def listed(path: str | None = None) -> list[list[Any]]:
        infos = client.list_artifacts(run_id, path)
        return [[info.path, info.is_dir, info.file_size or 0] for info in infos]

    with mlflow.start_run() as run:
        run_id, root = run.info.run_id, str(run.info.artifact_uri)
        mlflow.log_artifact(str(local / "a.txt"), "p")
        mlflow.log_artifacts(str(local), "q")
        mlflow.log_text("text", "t.txt")
        mlflow.log_dict({"a": [1, 2]}, "d/d.json")
        found["root"] = listed()
        found["folder"] = listed("q")
        found["file"] = listed("q/a.txt")
        found["missing"] = listed("nope")
        found["text"] = mlflow.artifacts.load_text(root + "/t.txt")
        found["dict"] = mlflow.artifacts.load_dict(f"runs:/{run_id}/d/d.json")
        copy = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="q"))
        files = sorted(one for one in copy.rglob("*") if one.is_file())
        found["copy"] = [[str(one.relative_to(copy)), one.read_bytes().hex()] for one in files]
        one = Path(client.download_artifacts(run_id, "p/a.txt"))
        found["one"] = [one.name, one.read_text()]
        try:
            mlflow.artifacts.load_text(root + "/nope.txt")
        except mlflow.MlflowException:
            found["failure"] = True
        repository = get_artifact_repository(root)
        found["repository"] = type(repository).__name__
        repository.delete_artifacts("q/sub folder")
        repository.delete_artifacts("nope")
        found["deleted"] = listed("q")
        big = local / "big.bin"
        big.write_bytes(bytes(range(256)) * (payload["big"] // 256))
        mlflow.log_artifact(str(big), "m")
        found["big"] = listed("m")
        found["same"] = (
            Path(client.download_artifacts(run_id, "m/big.bin")).read_bytes() == big.read_bytes()
        )
    return found
