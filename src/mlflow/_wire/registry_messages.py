"""The messages of the model registry, as they are recorded."""

from mlflow._wire.messages import Double, EnumName, Int64, KeyValue, Message


class RegisteredModelAlias(Message):
    """A name for one version of a model."""

    alias: str | None = None
    version: str | None = None


class ModelParam(Message):
    """A param of the logged model behind a version."""

    name: str | None = None
    value: str | None = None


class ModelMetric(Message):
    """A metric of the logged model behind a version."""

    key: str | None = None
    value: Double | None = None
    timestamp: Int64 | None = None
    step: Int64 | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    model_id: str | None = None
    run_id: str | None = None


class DeploymentJobState(Message):
    """The state of a deployment job, which no open server has."""

    job_id: str | None = None
    run_id: str | None = None
    job_state: EnumName | None = None
    run_state: EnumName | None = None
    current_task_name: str | None = None


class ModelVersion(Message):
    """A version of a registered model."""

    name: str | None = None
    version: str | None = None
    creation_timestamp: Int64 | None = None
    last_updated_timestamp: Int64 | None = None
    user_id: str | None = None
    current_stage: str | None = None
    description: str | None = None
    source: str | None = None
    run_id: str | None = None
    status: EnumName | None = None
    status_message: str | None = None
    tags: list[KeyValue] = []
    run_link: str | None = None
    aliases: list[str] = []
    model_id: str | None = None
    model_params: list[ModelParam] = []
    model_metrics: list[ModelMetric] = []
    deployment_job_state: DeploymentJobState | None = None


class RegisteredModel(Message):
    """A registered model."""

    name: str | None = None
    creation_timestamp: Int64 | None = None
    last_updated_timestamp: Int64 | None = None
    user_id: str | None = None
    description: str | None = None
    latest_versions: list[ModelVersion] = []
    tags: list[KeyValue] = []
    aliases: list[RegisteredModelAlias] = []
    deployment_job_id: str | None = None
    deployment_job_state: EnumName | None = None


class OfRegisteredModel(Message):
    """A request about one registered model."""

    name: str | None = None


class OfModelVersion(OfRegisteredModel):
    """A request about one version."""

    version: str | None = None


class CreateRegisteredModel(OfRegisteredModel):
    """Create a registered model."""

    tags: list[KeyValue] = []
    description: str | None = None
    deployment_job_id: str | None = None


class RegisteredModelResponse(Message):
    """A registered model."""

    registered_model: RegisteredModel | None = None


class RenameRegisteredModel(OfRegisteredModel):
    """Give a registered model another name."""

    new_name: str | None = None


class UpdateRegisteredModel(OfRegisteredModel):
    """Change a registered model's description."""

    description: str | None = None
    deployment_job_id: str | None = None


class DeleteRegisteredModel(OfRegisteredModel):
    """Remove a registered model with its versions."""


class GetRegisteredModel(OfRegisteredModel):
    """Ask for a registered model."""


class SearchRegistry(Message):
    """Ask for a page of registered models or versions."""

    filter: str | None = None
    max_results: Int64 | None = None
    order_by: list[str] = []
    page_token: str | None = None


class SearchRegisteredModels(SearchRegistry):
    """Ask for a page of registered models."""


class SearchRegisteredModelsResponse(Message):
    """A page of registered models."""

    registered_models: list[RegisteredModel] = []
    next_page_token: str | None = None


class GetLatestVersions(OfRegisteredModel):
    """Ask for the newest version of each stage."""

    stages: list[str] = []


class ModelVersionsResponse(Message):
    """Versions."""

    model_versions: list[ModelVersion] = []
    next_page_token: str | None = None


class CreateModelVersion(OfRegisteredModel):
    """Register a version."""

    source: str | None = None
    run_id: str | None = None
    tags: list[KeyValue] = []
    run_link: str | None = None
    description: str | None = None
    model_id: str | None = None


class ModelVersionResponse(Message):
    """A version."""

    model_version: ModelVersion | None = None


class UpdateModelVersion(OfModelVersion):
    """Change a version's description."""

    description: str | None = None


class TransitionModelVersionStage(OfModelVersion):
    """Move a version to a stage."""

    stage: str | None = None
    archive_existing_versions: bool | None = None


class DeleteModelVersion(OfModelVersion):
    """Remove a version."""


class GetModelVersion(OfModelVersion):
    """Ask for a version."""


class SearchModelVersions(SearchRegistry):
    """Ask for a page of versions."""


class GetModelVersionDownloadUri(OfModelVersion):
    """Ask where a version's files are."""


class DownloadUriResponse(Message):
    """Where files are."""

    artifact_uri: str | None = None


class SetRegisteredModelTag(OfRegisteredModel):
    """Set a tag of a registered model."""

    key: str | None = None
    value: str | None = None


class SetModelVersionTag(OfModelVersion):
    """Set a tag of a version."""

    key: str | None = None
    value: str | None = None


class DeleteRegisteredModelTag(OfRegisteredModel):
    """Remove a tag of a registered model."""

    key: str | None = None


class DeleteModelVersionTag(OfModelVersion):
    """Remove a tag of a version."""

    key: str | None = None


class SetRegisteredModelAlias(OfRegisteredModel):
    """Let an alias name a version."""

    alias: str | None = None
    version: str | None = None


class DeleteRegisteredModelAlias(OfRegisteredModel):
    """Remove an alias."""

    alias: str | None = None


class GetModelVersionByAlias(OfRegisteredModel):
    """Ask for the version that an alias names."""

    alias: str | None = None
