"""Projects of uv: what either implementation writes of them beside a model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from tests.parity.upstream import our_python, run_script, upstream_python
from tests.parity.uv_projects import write_project

_SCRIPT = Path(__file__).with_name("uv_projects_script.py").read_text("utf-8")


def _case(cwd: Path | None = None, variables: Any = None, **arguments: Any) -> dict[str, Any]:
    return {"cwd": cwd and str(cwd), "variables": variables or {}, "arguments": arguments}


def test_what_is_written_of_a_project(tmp_path: Path) -> None:
    """Requirements, files and answers are the same, however the project is named."""
    project = write_project(tmp_path / "project")
    uv = str(project)
    broken = write_project(tmp_path / "broken")
    (broken / "uv.lock").write_text("no lock", "utf-8")
    alone = write_project(tmp_path / "alone")
    (alone / "uv.lock").unlink()
    given: dict[str, Any] = {"pip_requirements": ["a"]}
    payload = {
        "cases": {
            "named": _case(uv_project_path=uv),
            "groups": _case(uv_project_path=uv, uv_groups=["serve"]),
            "extras": _case(uv_project_path=uv, uv_extras=["wide"], uv_groups=["serve"]),
            "here": _case(project),
            "here groups": _case(project, uv_groups=["serve"]),
            "below": _case(project.parent),
            "off": _case(project, {"MLFLOW_UV_AUTO_DETECT": "false"}, **given),
            "named and off": _case(None, {"MLFLOW_UV_AUTO_DETECT": "false"}, uv_project_path=uv),
            "no files": _case(None, {"MLFLOW_LOG_UV_FILES": "false"}, uv_project_path=uv),
            "no lock": _case(uv_project_path=str(alone), **given),
            "broken": _case(uv_project_path=str(broken), **given),
            "given": _case(uv_project_path=uv, **given),
            "given here": _case(project, **given),
            "more": _case(uv_project_path=uv, extra_pip_requirements=["z==1"]),
            "conda": _case(uv_project_path=uv, conda_env={"dependencies": [{"pip": ["a"]}]}),
        },
        "asked": {
            "asked": {"uv_project_dir": uv},
            "asked more": {"uv_project_dir": uv, "uv_groups": ["serve"], "uv_extras": ["wide"]},
        },
        "copied": {"copied": uv, "not copied": str(alone), "absent": str(tmp_path / "absent")},
    }
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    theirs, ours = (
        run_script(python, _SCRIPT, payload, {"PATH": path})
        for python in (upstream_python(), our_python())
    )
    assert {name for name in theirs if ours[name] != theirs[name]} == set()
    assert "sniffio==1.3.0" in ours["groups"][0]
    assert len(ours["here"][1]) == 3
