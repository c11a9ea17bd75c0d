"""The commit, branch and repository that a program's file belongs to."""

from collections.abc import Mapping

from mlflow._core.tags import MLFLOW_GIT_BRANCH, MLFLOW_GIT_COMMIT, MLFLOW_GIT_REPO_URL
from mlflow.tracking.context.abstract_context import RunContextProvider
from mlflow.tracking.context.git import GitState, git_state, program_file


def _tracked_state() -> GitState | None:
    """Return the repository's state when it holds this program's file and has a commit."""
    if program_file() is None:
        return None
    state = git_state()
    if state is None or state.commit is None or state.ignores_program:
        return None
    return state


class GitRunContext(RunContextProvider):
    """The tags of programs that are under version control."""

    def in_context(self) -> bool:
        """Return whether there is a file whose repository can be asked for."""
        return program_file() is not None

    def tags(self) -> Mapping[str, str]:
        """Return the commit, and the branch and the repository when there are such."""
        state = _tracked_state()
        if state is None or state.commit is None:
            return {}
        found = {
            MLFLOW_GIT_COMMIT: state.commit,
            MLFLOW_GIT_BRANCH: state.branch,
            MLFLOW_GIT_REPO_URL: state.repository_url,
        }
        return {key: value for key, value in found.items() if value is not None}
