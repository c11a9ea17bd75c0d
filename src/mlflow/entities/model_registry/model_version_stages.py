"""The stages of versions, which aliases have replaced; old programs still move between them."""

from typing import Final

from mlflow.exceptions import MlflowException

STAGE_NONE: Final = "None"
STAGE_STAGING: Final = "Staging"
STAGE_PRODUCTION: Final = "Production"
STAGE_ARCHIVED: Final = "Archived"
STAGE_DELETED_INTERNAL: Final = "Deleted_Internal"

# A database keeps a stage as its place here.
STAGES: Final = (STAGE_NONE, STAGE_STAGING, STAGE_PRODUCTION, STAGE_ARCHIVED)
ALL_STAGES: Final = list(STAGES)
DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS: Final = [STAGE_STAGING, STAGE_PRODUCTION]
_BY_NAME: Final = {stage.lower(): stage for stage in STAGES}


def get_canonical_stage(stage: str) -> str:
    """Return a stage as it is spelled; case does not matter.

    Raises:
        MlflowException: no stage has this name.
    """
    found = _BY_NAME.get(stage.lower()) if isinstance(stage, str) else None
    if found is None:
        raise MlflowException.invalid_parameter_value(
            f"Invalid Model Version stage: {stage}. Value must be one of {', '.join(STAGES)}."
        )
    return found
