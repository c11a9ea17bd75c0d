"""The values of tracking: lazy names, one small file for each entity."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.entities.dataset": "Dataset",
        "mlflow.entities.dataset_input": "DatasetInput",
        "mlflow.entities.dataset_summary": "_DatasetSummary",
        "mlflow.entities.experiment": "Experiment",
        "mlflow.entities.experiment_tag": "ExperimentTag",
        "mlflow.entities.file_info": "FileInfo",
        "mlflow.entities.input_tag": "InputTag",
        "mlflow.entities.lifecycle_stage": "LifecycleStage",
        "mlflow.entities.logged_model": "LoggedModel",
        "mlflow.entities.logged_model_input": "LoggedModelInput",
        "mlflow.entities.logged_model_output": "LoggedModelOutput",
        "mlflow.entities.logged_model_parameter": "LoggedModelParameter",
        "mlflow.entities.logged_model_status": "LoggedModelStatus",
        "mlflow.entities.logged_model_tag": "LoggedModelTag",
        "mlflow.entities.metric": "Metric",
        "mlflow.entities.param": "Param",
        "mlflow.entities.run": "Run",
        "mlflow.entities.run_data": "RunData",
        "mlflow.entities.run_info": "RunInfo",
        "mlflow.entities.run_inputs": "RunInputs",
        "mlflow.entities.run_outputs": "RunOutputs",
        "mlflow.entities.run_status": "RunStatus",
        "mlflow.entities.run_tag": "RunTag",
        "mlflow.entities.source_type": "SourceType",
        "mlflow.entities.view_type": "ViewType",
        "mlflow.entities.webhook": "Webhook WebhookEvent WebhookStatus WebhookTestResult",
        UNBUILT: """
            Assessment AssessmentError AssessmentSource AssessmentSourceType BudgetAction
            BudgetDuration BudgetDurationUnit BudgetTargetScope BudgetUnit ConnectOptionSettings
            DatasetRecord DatasetRecordSource DatasetRecordSourceType Document EntityAssociationType
            Expectation FallbackConfig FallbackStrategy Feedback GatewayBudgetPolicy GatewayEndpoint
            GatewayEndpointBinding GatewayEndpointModelConfig GatewayEndpointModelMapping
            GatewayEndpointTag GatewayGuardrail GatewayGuardrailConfig GatewayModelDefinition
            GatewayModelLinkageType GatewayResourceType GatewaySecretInfo GuardrailAction
            GuardrailStage InferenceTableLocation Issue IssueReference IssueSeverity IssueStatus
            Link LiveSpan MCPAccessEndpoint MCPRemoteTransportType MCPServer MCPServerVersion
            MCPStatus MCPTool MlflowExperimentLocation NoOpSpan Prompt RoutingStrategy ScorerVersion
            Session Span SpanEvent SpanLogLevel SpanStatus SpanStatusCode SpanType Trace
            TraceArchivalConfig TraceData TraceInfo TraceLocation TraceLocationType TraceState
            UCSchemaLocation UnityCatalog Workspace WorkspaceDeletionMode
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
