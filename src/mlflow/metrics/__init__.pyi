# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._evaluate.metric import EvaluationMetric as EvaluationMetric
from mlflow._evaluate.metric import MetricValue as MetricValue
from mlflow._evaluate.metric import make_metric as make_metric
from mlflow._evaluate.standard import exact_match as exact_match
from mlflow._evaluate.standard import f1_score as f1_score
from mlflow._evaluate.standard import latency as latency
from mlflow._evaluate.standard import mae as mae
from mlflow._evaluate.standard import mape as mape
from mlflow._evaluate.standard import max_error as max_error
from mlflow._evaluate.standard import mse as mse
from mlflow._evaluate.standard import precision_score as precision_score
from mlflow._evaluate.standard import r2_score as r2_score
from mlflow._evaluate.standard import recall_score as recall_score
from mlflow._evaluate.standard import rmse as rmse

NAMES: Final[dict[str, str]]
__all__ = [
    'EvaluationMetric',
    'MetricValue',
    'ari_grade_level',
    'bleu',
    'exact_match',
    'f1_score',
    'flesch_kincaid_grade_level',
    'latency',
    'mae',
    'make_metric',
    'mape',
    'max_error',
    'mse',
    'precision_score',
    'r2_score',
    'recall_score',
    'rmse',
    'rouge1',
    'rouge2',
    'rougeL',
    'rougeLsum',
    'token_count',
    'toxicity',
]
def ari_grade_level(*args: Any, **kwargs: Any) -> NoReturn: ...
def bleu(*args: Any, **kwargs: Any) -> NoReturn: ...
def flesch_kincaid_grade_level(*args: Any, **kwargs: Any) -> NoReturn: ...
def rouge1(*args: Any, **kwargs: Any) -> NoReturn: ...
def rouge2(*args: Any, **kwargs: Any) -> NoReturn: ...
def rougeL(*args: Any, **kwargs: Any) -> NoReturn: ...
def rougeLsum(*args: Any, **kwargs: Any) -> NoReturn: ...
def token_count(*args: Any, **kwargs: Any) -> NoReturn: ...
def toxicity(*args: Any, **kwargs: Any) -> NoReturn: ...
