// Made from the endpoint table by tools/wire.py; do not edit.

export interface ConsoleChunk {
  stream?: string;
  sequence?: number;
  time_ms?: number;
  text?: string;
}

export interface ConsoleResponse {
  chunks?: ConsoleChunk[];
  next_position?: number;
  dropped?: number;
  first_position?: number;
}

export interface CreateExperiment {
  name?: string;
  artifact_location?: string;
  tags?: KeyValue[];
}

export interface CreateExperimentResponse {
  experiment_id?: string;
}

export interface CreateLoggedModel {
  experiment_id?: string;
  name?: string;
  model_type?: string;
  source_run_id?: string;
  params?: KeyValue[];
  tags?: KeyValue[];
}

export interface CreateModelVersion {
  name?: string;
  source?: string;
  run_id?: string;
  tags?: KeyValue[];
  run_link?: string;
  description?: string;
  model_id?: string;
}

export interface CreatePresignedDownloadUrl {
  run_id?: string;
  path?: string;
  expiration?: number;
}

export interface CreatePresignedUploadUrl {
  run_id?: string;
  path?: string;
  expiration?: number;
  model_id?: string;
}

export interface CreateRegisteredModel {
  name?: string;
  tags?: KeyValue[];
  description?: string;
  deployment_job_id?: string;
}

export interface CreateRun {
  experiment_id?: string;
  user_id?: string;
  run_name?: string;
  start_time?: number;
  tags?: KeyValue[];
  run_id?: string;
}

export interface CreateWebhook {
  name?: string;
  description?: string;
  url?: string;
  events?: WebhookEvent[];
  secret?: string;
  status?: string | number;
}

export interface Dataset {
  name?: string;
  digest?: string;
  source_type?: string;
  source?: string;
  schema?: string;
  profile?: string;
}

export interface DatasetInput {
  tags?: KeyValue[];
  dataset?: Dataset;
}

export interface DatasetSummary {
  experiment_id?: string;
  name?: string;
  digest?: string;
  context?: string;
}

export interface DeleteExperiment {
  experiment_id?: string;
}

export interface DeleteExperimentTag {
  experiment_id?: string;
  key?: string;
}

export interface DeleteLoggedModel {
  model_id?: string;
}

export interface DeleteLoggedModelTag {
  model_id?: string;
  tag_key?: string;
}

export interface DeleteModelVersion {
  name?: string;
  version?: string;
}

export interface DeleteModelVersionTag {
  name?: string;
  version?: string;
  key?: string;
}

export interface DeleteRegisteredModel {
  name?: string;
}

export interface DeleteRegisteredModelAlias {
  name?: string;
  alias?: string;
}

export interface DeleteRegisteredModelTag {
  name?: string;
  key?: string;
}

export interface DeleteRun {
  run_id?: string;
  run_uuid?: string;
}

export interface DeleteTag {
  run_id?: string;
  run_uuid?: string;
  key?: string;
}

export interface DeleteWebhook {
  webhook_id?: string;
}

export interface DeploymentJobState {
  job_id?: string;
  run_id?: string;
  job_state?: string | number;
  run_state?: string | number;
  current_task_name?: string;
}

export interface DownloadUriResponse {
  artifact_uri?: string;
}

export interface Empty {
}

export interface Experiment {
  experiment_id?: string;
  name?: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  last_update_time?: number;
  creation_time?: number;
  tags?: KeyValue[];
  effective_trace_archival_retention?: string;
  workspace?: string;
}

export interface ExperimentCounts {
  experiment_id?: string;
  active_runs?: number;
  archived_runs?: number;
  last_activity?: number;
}

export interface ExperimentCountsResponse {
  experiments?: ExperimentCounts[];
}

export interface ExperimentResponse {
  experiment?: Experiment;
}

export interface FileInfo {
  path?: string;
  is_dir?: boolean;
  file_size?: number;
}

export interface FinalizeLoggedModel {
  model_id?: string;
  status?: string | number;
}

export interface GetConsole {
  run_id?: string;
  after?: number;
  max_results?: number;
  contains?: string;
  before?: number;
}

export interface GetExperiment {
  experiment_id?: string;
}

export interface GetExperimentByName {
  experiment_name?: string;
}

export interface GetExperimentCounts {
  experiment_ids?: string[];
}

export interface GetLatestVersions {
  name?: string;
  stages?: string[];
}

export interface GetLiveness {
  run_ids?: string[];
}

export interface GetLoggedModel {
  model_id?: string;
  allow_deleted?: boolean;
}

export interface GetMetricBuckets {
  run_ids?: string[];
  metric_keys?: string[];
  buckets?: number;
  axis?: string;
  start?: number;
  end?: number;
  groups?: string[];
}

export interface GetMetricHistory {
  run_id?: string;
  run_uuid?: string;
  metric_key?: string;
  page_token?: string;
  max_results?: number;
}

export interface GetMetricHistoryBulk {
  run_id?: string[];
  metric_key?: string;
  max_results?: number;
}

export interface GetMetricHistoryBulkInterval {
  run_ids?: string[];
  metric_key?: string;
  start_step?: number;
  end_step?: number;
  max_results?: number;
}

export interface GetModelManifest {
  model_id?: string;
}

export interface GetModelVersion {
  name?: string;
  version?: string;
}

export interface GetModelVersionByAlias {
  name?: string;
  alias?: string;
}

export interface GetModelVersionByAliasAt {
  name?: string;
  alias?: string;
  time_ms?: number;
}

export interface GetModelVersionDownloadUri {
  name?: string;
  version?: string;
}

export interface GetModelVersionEvidence {
  name?: string;
  version?: string;
}

export interface GetOrCreateExperiment {
  name?: string;
}

export interface GetOrCreateExperimentResponse {
  experiment?: Experiment;
}

export interface GetRegisteredModel {
  name?: string;
}

export interface GetRegisteredModelHistory {
  name?: string;
  alias?: string;
  max_results?: number;
  page_token?: string;
}

export interface GetRun {
  run_id?: string;
  run_uuid?: string;
}

export interface GetRunDocument {
  run_id?: string;
  name?: string;
}

export interface GetWebhook {
  webhook_id?: string;
}

export interface GroupMetric {
  key?: string;
  count?: number;
  mean?: number | string;
  min?: number | string;
  max?: number | string;
  std?: number | string;
}

export interface InputMetric {
  key?: string;
  timestamp?: number;
  step?: number;
  dataset_name?: string;
  dataset_digest?: string;
  model_id?: string;
  run_id?: string;
  value?: number;
}

export interface KeyValue {
  key?: string;
  value?: string;
}

export interface ListArtifacts {
  run_id?: string;
  run_uuid?: string;
  path?: string;
  page_token?: string;
}

export interface ListArtifactsResponse {
  root_uri?: string;
  files?: FileInfo[];
  next_page_token?: string;
}

export interface ListLoggedModelArtifacts {
  model_id?: string;
  artifact_directory_path?: string;
  page_token?: string;
}

export interface ListProxiedArtifacts {
  path?: string;
  page_token?: string;
}

export interface ListRunDocuments {
  run_id?: string;
}

export interface ListRunDocumentsResponse {
  names?: string[];
}

export interface ListWebhooks {
  max_results?: number;
  page_token?: string;
}

export interface ListWebhooksResponse {
  webhooks?: Webhook[];
  next_page_token?: string;
}

export interface LivenessResponse {
  runs?: RunLiveness[];
}

export interface LogBatch {
  run_id?: string;
  run_uuid?: string;
  metrics?: InputMetric[];
  params?: KeyValue[];
  tags?: KeyValue[];
}

export interface LogConsole {
  run_id?: string;
  chunks?: ConsoleChunk[];
}

export interface LogInputs {
  run_id?: string;
  run_uuid?: string;
  datasets?: DatasetInput[];
  models?: ModelInput[];
}

export interface LogLoggedModelParams {
  model_id?: string;
  params?: KeyValue[];
}

export interface LogMetric {
  run_id?: string;
  run_uuid?: string;
  key?: string;
  value?: number;
  timestamp?: number;
  step?: number;
  model_id?: string;
  dataset_name?: string;
  dataset_digest?: string;
}

export interface LogModel {
  run_id?: string;
  run_uuid?: string;
  model_json?: string;
}

export interface LogModelManifest {
  model_id?: string;
  manifest?: string;
}

export interface LogOutputs {
  run_id?: string;
  run_uuid?: string;
  models?: ModelOutput[];
}

export interface LogParam {
  run_id?: string;
  run_uuid?: string;
  key?: string;
  value?: string;
}

export interface LogRunDocuments {
  documents?: RunDocument[];
}

export interface LoggedModel {
  info?: LoggedModelInfo;
  data?: LoggedModelData;
}

export interface LoggedModelData {
  params?: KeyValue[];
  metrics?: Metric[];
}

export interface LoggedModelInfo {
  model_id?: string;
  experiment_id?: string;
  name?: string;
  creation_timestamp_ms?: number;
  last_updated_timestamp_ms?: number;
  artifact_uri?: string;
  status?: string;
  creator_id?: number;
  model_type?: string;
  source_run_id?: string;
  status_message?: string;
  tags?: KeyValue[];
  registrations?: LoggedModelRegistration[];
}

export interface LoggedModelRegistration {
  name?: string;
  version?: string;
}

export interface LoggedModelResponse {
  model?: LoggedModel;
}

export interface Metric {
  key?: string;
  timestamp?: number;
  step?: number;
  dataset_name?: string;
  dataset_digest?: string;
  model_id?: string;
  run_id?: string;
  value?: number | string;
}

export interface MetricBucket {
  run_id?: string;
  start?: number;
  end?: number;
  min?: number | string;
  max?: number | string;
  last?: number | string;
  count?: number;
  nan_count?: number;
  position?: number;
}

export interface MetricBucketsResponse {
  series?: MetricSeries[];
}

export interface MetricSeries {
  metric_key?: string;
  buckets?: MetricBucket[];
}

export interface MetricsResponse {
  metrics?: Metric[];
  next_page_token?: string;
}

export interface ModelDataset {
  dataset_name?: string;
  dataset_digest?: string;
}

export interface ModelInput {
  model_id?: string;
}

export interface ModelManifestResponse {
  manifest?: string;
  digest?: string;
}

export interface ModelMetric {
  key?: string;
  value?: number | string;
  timestamp?: number;
  step?: number;
  dataset_name?: string;
  dataset_digest?: string;
  model_id?: string;
  run_id?: string;
}

export interface ModelOrder {
  field_name?: string;
  ascending?: boolean;
  dataset_name?: string;
  dataset_digest?: string;
}

export interface ModelOutput {
  model_id?: string;
  step?: number;
}

export interface ModelParam {
  name?: string;
  value?: string;
}

export interface ModelVersion {
  name?: string;
  version?: string;
  creation_timestamp?: number;
  last_updated_timestamp?: number;
  user_id?: string;
  current_stage?: string;
  description?: string;
  source?: string;
  run_id?: string;
  status?: string | number;
  status_message?: string;
  tags?: KeyValue[];
  run_link?: string;
  aliases?: string[];
  model_id?: string;
  model_params?: ModelParam[];
  model_metrics?: ModelMetric[];
  deployment_job_state?: DeploymentJobState;
}

export interface ModelVersionEvidenceResponse {
  run_id?: string;
  storage_location?: string;
  model_id?: string;
  digest?: string;
  digest_status?: string;
  fault?: string;
}

export interface ModelVersionResponse {
  model_version?: ModelVersion;
}

export interface ModelVersionsResponse {
  model_versions?: ModelVersion[];
  next_page_token?: string;
}

export interface PresignedUrlResponse {
  presigned_url?: string;
  headers?: Record<string, string>;
  file_size?: number;
}

export interface RecordHeartbeat {
  run_ids?: string[];
}

export interface RegisteredModel {
  name?: string;
  creation_timestamp?: number;
  last_updated_timestamp?: number;
  user_id?: string;
  description?: string;
  latest_versions?: ModelVersion[];
  tags?: KeyValue[];
  aliases?: RegisteredModelAlias[];
  deployment_job_id?: string;
  deployment_job_state?: string | number;
}

export interface RegisteredModelAlias {
  alias?: string;
  version?: string;
}

export interface RegisteredModelResponse {
  registered_model?: RegisteredModel;
}

export interface RegistryMove {
  time_ms?: number;
  user_id?: string;
  alias?: string;
  version?: number;
  stage?: string;
}

export interface RegistryMovesResponse {
  moves?: RegistryMove[];
  next_page_token?: string;
}

export interface RenameRegisteredModel {
  name?: string;
  new_name?: string;
}

export interface RestoreExperiment {
  experiment_id?: string;
}

export interface RestoreRun {
  run_id?: string;
  run_uuid?: string;
}

export interface Run {
  info?: RunInfo;
  data?: RunData;
  inputs?: RunInputs;
  outputs?: RunOutputs;
}

export interface RunData {
  metrics?: Metric[];
  params?: KeyValue[];
  tags?: KeyValue[];
}

export interface RunDocument {
  run_id?: string;
  name?: string;
  content?: string;
  content_type?: string;
  creation_time?: number;
}

export interface RunDocumentResponse {
  document?: RunDocument;
}

export interface RunGroup {
  values?: string[];
  runs?: number;
  metrics?: GroupMetric[];
}

export interface RunGroupsResponse {
  groups?: RunGroup[];
  total?: number;
}

export interface RunInfo {
  run_uuid?: string;
  experiment_id?: string;
  run_name?: string;
  user_id?: string;
  status?: string;
  start_time?: number;
  end_time?: number;
  artifact_uri?: string;
  lifecycle_stage?: string;
  run_id?: string;
}

export interface RunInputs {
  dataset_inputs?: DatasetInput[];
  model_inputs?: ModelInput[];
}

export interface RunKey {
  kind?: string;
  key?: string;
  runs?: number;
  is_curve?: boolean;
}

export interface RunKeysResponse {
  keys?: RunKey[];
  total?: number;
  next_page_token?: string;
}

export interface RunLiveness {
  run_id?: string;
  last_heartbeat?: number;
  stale_since?: number;
}

export interface RunOutputs {
  model_outputs?: ModelOutput[];
}

export interface RunResponse {
  run?: Run;
}

export interface RunTableResponse {
  total?: number;
  rows?: TableRow[];
  columns?: TableColumn[];
  next_page_token?: string;
}

export interface SearchDatasets {
  experiment_ids?: string[];
}

export interface SearchDatasetsResponse {
  dataset_summaries?: DatasetSummary[];
}

export interface SearchExperiments {
  max_results?: number;
  page_token?: string;
  filter?: string;
  order_by?: string[];
  view_type?: string | number;
}

export interface SearchExperimentsResponse {
  experiments?: Experiment[];
  next_page_token?: string;
}

export interface SearchLoggedModels {
  experiment_ids?: string[];
  filter?: string;
  datasets?: ModelDataset[];
  max_results?: number;
  order_by?: ModelOrder[];
  page_token?: string;
}

export interface SearchLoggedModelsResponse {
  models?: LoggedModel[];
  next_page_token?: string;
}

export interface SearchModelVersions {
  filter?: string;
  max_results?: number;
  order_by?: string[];
  page_token?: string;
}

export interface SearchRegisteredModels {
  filter?: string;
  max_results?: number;
  order_by?: string[];
  page_token?: string;
}

export interface SearchRegisteredModelsResponse {
  registered_models?: RegisteredModel[];
  next_page_token?: string;
}

export interface SearchRunGroups {
  experiment_ids?: string[];
  filter?: string;
  run_view_type?: string | number;
  group_by?: string[];
  metrics?: string[];
  max_results?: number;
}

export interface SearchRunKeys {
  experiment_ids?: string[];
  kind?: string;
  contains?: string;
  max_results?: number;
  page_token?: string;
}

export interface SearchRunTable {
  experiment_ids?: string[];
  filter?: string;
  run_view_type?: string | number;
  order_by?: string[];
  columns?: string[];
  telling_metrics?: number;
  telling_params?: number;
  ids_only?: boolean;
  max_results?: number;
  page_token?: string;
}

export interface SearchRuns {
  experiment_ids?: string[];
  filter?: string;
  run_view_type?: string | number;
  max_results?: number;
  order_by?: string[];
  page_token?: string;
}

export interface SearchRunsResponse {
  runs?: Run[];
  next_page_token?: string;
}

export interface SetExperimentTag {
  experiment_id?: string;
  key?: string;
  value?: string;
}

export interface SetLoggedModelTags {
  model_id?: string;
  tags?: KeyValue[];
}

export interface SetModelVersionTag {
  name?: string;
  version?: string;
  key?: string;
  value?: string;
}

export interface SetRegisteredModelAlias {
  name?: string;
  alias?: string;
  version?: string;
}

export interface SetRegisteredModelTag {
  name?: string;
  key?: string;
  value?: string;
}

export interface SetTag {
  run_id?: string;
  run_uuid?: string;
  key?: string;
  value?: string;
}

export interface TableColumn {
  id?: string;
  kind?: string;
  key?: string;
  aggregate?: string;
  numbers?: (number | string)[];
  texts?: string[];
}

export interface TableRow {
  run_id?: string;
  experiment_id?: string;
  run_name?: string;
  status?: string;
  lifecycle_stage?: string;
  start_time?: number;
  end_time?: number;
  user_id?: string;
  parent_run_id?: string;
  color?: string;
  has_children?: boolean;
}

export interface TestWebhook {
  webhook_id?: string;
  event?: WebhookEvent;
}

export interface TestWebhookResponse {
  result?: WebhookTestResult;
}

export interface TransitionModelVersionStage {
  name?: string;
  version?: string;
  stage?: string;
  archive_existing_versions?: boolean;
}

export interface UpdateExperiment {
  experiment_id?: string;
  new_name?: string;
}

export interface UpdateModelVersion {
  name?: string;
  version?: string;
  description?: string;
}

export interface UpdateRegisteredModel {
  name?: string;
  description?: string;
  deployment_job_id?: string;
}

export interface UpdateRun {
  run_id?: string;
  run_uuid?: string;
  status?: string | number;
  end_time?: number;
  run_name?: string;
}

export interface UpdateRunResponse {
  run_info?: RunInfo;
}

export interface UpdateWebhook {
  name?: string;
  description?: string;
  url?: string;
  events?: WebhookEvent[];
  secret?: string;
  status?: string | number;
  webhook_id?: string;
}

export interface Webhook {
  webhook_id?: string;
  name?: string;
  description?: string;
  url?: string;
  events?: WebhookEvent[];
  status?: string | number;
  creation_timestamp?: number;
  last_updated_timestamp?: number;
}

export interface WebhookEvent {
  entity?: string | number;
  action?: string | number;
}

export interface WebhookResponse {
  webhook?: Webhook;
}

export interface WebhookTestResult {
  success?: boolean;
  response_status?: number;
  response_body?: string;
  error_message?: string;
}

export interface Operations {
  'POST /api/2.0/mlflow/experiments/create': { request: CreateExperiment; response: CreateExperimentResponse };
  'POST /api/2.0/mlflow/experiments/search': { request: SearchExperiments; response: SearchExperimentsResponse };
  'GET /api/2.0/mlflow/experiments/search': { request: SearchExperiments; response: SearchExperimentsResponse };
  'GET /api/2.0/mlflow/experiments/get': { request: GetExperiment; response: ExperimentResponse };
  'GET /api/2.0/mlflow/experiments/get-by-name': { request: GetExperimentByName; response: ExperimentResponse };
  'POST /api/2.0/mlflow/experiments/delete': { request: DeleteExperiment; response: Empty };
  'POST /api/2.0/mlflow/experiments/restore': { request: RestoreExperiment; response: Empty };
  'POST /api/2.0/mlflow/experiments/update': { request: UpdateExperiment; response: Empty };
  'POST /api/2.0/mlflow/experiments/set-experiment-tag': { request: SetExperimentTag; response: Empty };
  'POST /api/2.0/mlflow/experiments/delete-experiment-tag': { request: DeleteExperimentTag; response: Empty };
  'POST /api/2.0/mlflow/experiments/search-datasets': { request: SearchDatasets; response: SearchDatasetsResponse };
  'POST /api/2.0/mlflow/runs/create': { request: CreateRun; response: RunResponse };
  'GET /api/2.0/mlflow/runs/get': { request: GetRun; response: RunResponse };
  'POST /api/2.0/mlflow/runs/update': { request: UpdateRun; response: UpdateRunResponse };
  'POST /api/2.0/mlflow/runs/delete': { request: DeleteRun; response: Empty };
  'POST /api/2.0/mlflow/runs/restore': { request: RestoreRun; response: Empty };
  'POST /api/2.0/mlflow/runs/search': { request: SearchRuns; response: SearchRunsResponse };
  'POST /api/2.0/mlflow/runs/log-metric': { request: LogMetric; response: Empty };
  'POST /api/2.0/mlflow/runs/log-parameter': { request: LogParam; response: Empty };
  'POST /api/2.0/mlflow/runs/set-tag': { request: SetTag; response: Empty };
  'POST /api/2.0/mlflow/runs/delete-tag': { request: DeleteTag; response: Empty };
  'POST /api/2.0/mlflow/runs/log-batch': { request: LogBatch; response: Empty };
  'POST /api/2.0/mlflow/runs/log-model': { request: LogModel; response: Empty };
  'POST /api/2.0/mlflow/runs/log-inputs': { request: LogInputs; response: Empty };
  'POST /api/2.0/mlflow/runs/outputs': { request: LogOutputs; response: Empty };
  'GET /api/2.0/mlflow/metrics/get-history': { request: GetMetricHistory; response: MetricsResponse };
  'GET /api/2.0/mlflow/metrics/get-history-bulk': { request: GetMetricHistoryBulk; response: MetricsResponse };
  'GET /api/2.0/mlflow/metrics/get-history-bulk-interval': { request: GetMetricHistoryBulkInterval; response: MetricsResponse };
  'GET /api/2.0/mlflow/artifacts/list': { request: ListArtifacts; response: ListArtifactsResponse };
  'POST /api/2.0/mlflow/artifacts/presigned-upload-url': { request: CreatePresignedUploadUrl; response: PresignedUrlResponse };
  'POST /api/2.0/mlflow/artifacts/presigned-download-url': { request: CreatePresignedDownloadUrl; response: PresignedUrlResponse };
  'GET /api/2.0/mlflow/logged-models/{model_id}/artifacts/directories': { request: ListLoggedModelArtifacts; response: ListArtifactsResponse };
  'GET /api/2.0/mlflow-artifacts/artifacts': { request: ListProxiedArtifacts; response: ListArtifactsResponse };
  'POST /api/2.0/mlflow/logged-models': { request: CreateLoggedModel; response: LoggedModelResponse };
  'POST /api/2.0/mlflow/logged-models/search': { request: SearchLoggedModels; response: SearchLoggedModelsResponse };
  'GET /api/2.0/mlflow/logged-models/{model_id}': { request: GetLoggedModel; response: LoggedModelResponse };
  'PATCH /api/2.0/mlflow/logged-models/{model_id}': { request: FinalizeLoggedModel; response: LoggedModelResponse };
  'DELETE /api/2.0/mlflow/logged-models/{model_id}': { request: DeleteLoggedModel; response: Empty };
  'PATCH /api/2.0/mlflow/logged-models/{model_id}/tags': { request: SetLoggedModelTags; response: Empty };
  'DELETE /api/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}': { request: DeleteLoggedModelTag; response: Empty };
  'POST /api/2.0/mlflow/logged-models/{model_id}/params': { request: LogLoggedModelParams; response: Empty };
  'POST /api/2.0/mlflow/registered-models/create': { request: CreateRegisteredModel; response: RegisteredModelResponse };
  'POST /api/2.0/mlflow/registered-models/rename': { request: RenameRegisteredModel; response: RegisteredModelResponse };
  'PATCH /api/2.0/mlflow/registered-models/update': { request: UpdateRegisteredModel; response: RegisteredModelResponse };
  'DELETE /api/2.0/mlflow/registered-models/delete': { request: DeleteRegisteredModel; response: Empty };
  'GET /api/2.0/mlflow/registered-models/get': { request: GetRegisteredModel; response: RegisteredModelResponse };
  'GET /api/2.0/mlflow/registered-models/search': { request: SearchRegisteredModels; response: SearchRegisteredModelsResponse };
  'POST /api/2.0/mlflow/registered-models/get-latest-versions': { request: GetLatestVersions; response: ModelVersionsResponse };
  'GET /api/2.0/mlflow/registered-models/get-latest-versions': { request: GetLatestVersions; response: ModelVersionsResponse };
  'POST /api/2.0/mlflow/model-versions/create': { request: CreateModelVersion; response: ModelVersionResponse };
  'PATCH /api/2.0/mlflow/model-versions/update': { request: UpdateModelVersion; response: ModelVersionResponse };
  'POST /api/2.0/mlflow/model-versions/transition-stage': { request: TransitionModelVersionStage; response: ModelVersionResponse };
  'DELETE /api/2.0/mlflow/model-versions/delete': { request: DeleteModelVersion; response: Empty };
  'GET /api/2.0/mlflow/model-versions/get': { request: GetModelVersion; response: ModelVersionResponse };
  'GET /api/2.0/mlflow/model-versions/search': { request: SearchModelVersions; response: ModelVersionsResponse };
  'GET /api/2.0/mlflow/model-versions/get-download-uri': { request: GetModelVersionDownloadUri; response: DownloadUriResponse };
  'POST /api/2.0/mlflow/registered-models/set-tag': { request: SetRegisteredModelTag; response: Empty };
  'POST /api/2.0/mlflow/model-versions/set-tag': { request: SetModelVersionTag; response: Empty };
  'DELETE /api/2.0/mlflow/registered-models/delete-tag': { request: DeleteRegisteredModelTag; response: Empty };
  'DELETE /api/2.0/mlflow/model-versions/delete-tag': { request: DeleteModelVersionTag; response: Empty };
  'POST /api/2.0/mlflow/registered-models/alias': { request: SetRegisteredModelAlias; response: Empty };
  'DELETE /api/2.0/mlflow/registered-models/alias': { request: DeleteRegisteredModelAlias; response: Empty };
  'GET /api/2.0/mlflow/registered-models/alias': { request: GetModelVersionByAlias; response: ModelVersionResponse };
  'POST /api/2.0/mlflow/webhooks': { request: CreateWebhook; response: WebhookResponse };
  'GET /api/2.0/mlflow/webhooks': { request: ListWebhooks; response: ListWebhooksResponse };
  'GET /api/2.0/mlflow/webhooks/{webhook_id}': { request: GetWebhook; response: WebhookResponse };
  'PATCH /api/2.0/mlflow/webhooks/{webhook_id}': { request: UpdateWebhook; response: WebhookResponse };
  'DELETE /api/2.0/mlflow/webhooks/{webhook_id}': { request: DeleteWebhook; response: Empty };
  'POST /api/2.0/mlflow/webhooks/{webhook_id}/test': { request: TestWebhook; response: TestWebhookResponse };
  'POST /api/headrace/experiments/get-or-create': { request: GetOrCreateExperiment; response: GetOrCreateExperimentResponse };
  'POST /api/headrace/runs/heartbeat': { request: RecordHeartbeat; response: Empty };
  'POST /api/headrace/runs/liveness': { request: GetLiveness; response: LivenessResponse };
  'POST /api/headrace/runs/log-console': { request: LogConsole; response: Empty };
  'GET /api/headrace/runs/console': { request: GetConsole; response: ConsoleResponse };
  'POST /api/headrace/runs/log-documents': { request: LogRunDocuments; response: Empty };
  'GET /api/headrace/runs/document': { request: GetRunDocument; response: RunDocumentResponse };
  'GET /api/headrace/runs/documents': { request: ListRunDocuments; response: ListRunDocumentsResponse };
  'GET /api/headrace/registered-models/alias-at': { request: GetModelVersionByAliasAt; response: ModelVersionResponse };
  'GET /api/headrace/registered-models/history': { request: GetRegisteredModelHistory; response: RegistryMovesResponse };
  'GET /api/headrace/model-versions/evidence': { request: GetModelVersionEvidence; response: ModelVersionEvidenceResponse };
  'POST /api/headrace/logged-models/manifest': { request: LogModelManifest; response: Empty };
  'GET /api/headrace/logged-models/manifest': { request: GetModelManifest; response: ModelManifestResponse };
  'POST /api/headrace/metrics/buckets': { request: GetMetricBuckets; response: MetricBucketsResponse };
  'POST /api/headrace/runs/table': { request: SearchRunTable; response: RunTableResponse };
  'POST /api/headrace/runs/keys': { request: SearchRunKeys; response: RunKeysResponse };
  'POST /api/headrace/runs/groups': { request: SearchRunGroups; response: RunGroupsResponse };
  'POST /api/headrace/experiments/counts': { request: GetExperimentCounts; response: ExperimentCountsResponse };
}
