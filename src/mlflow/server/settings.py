"""What a server is told: one frozen value, checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlflow._asgi.request import BODY_LIMIT
from mlflow._asgi.security import is_loopback
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from pathlib import Path

PROXIED_ROOT: Final = "mlflow-artifacts:/"
LOCAL_ROOT: Final = "./mlruns"
_FRAME_OPTIONS: Final = ("SAMEORIGIN", "DENY", "NONE")
_ORIGIN: Final = re.compile(r"^https?://[^/\s?#@]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerSettings:
    """The settings of a server.

    Attributes:
        backend_store_uri: The database of experiments and runs, or a directory.
        registry_store_uri: The database of registered models; the other one when None.
        default_artifact_root: Where experiments keep their artifacts; through this server when
            None and it serves artifacts.
        artifacts_destination: Where the server keeps the artifacts that come through it.
        serve_artifacts: Whether artifacts go through this server.
        artifacts_only: Whether it serves nothing else.
        host: The address to listen on.
        port: The port to listen on; 0 for any that is free.
        workers: Processes that serve.
        static_prefix: What every path begins with, such as ``/mlflow``.
        allowed_hosts: Patterns of Host headers (``*`` stands for anything) that take the place of
            the usual ones: loopback, private addresses and ``host``.
        cors_allowed_origins: Origins of pages that may use the API; ``*`` for all.
        check_hosts_and_origins: Whether Host and Origin are checked at all.
        x_frame_options: SAMEORIGIN, DENY or NONE.
        basic_auth_file: Lines of ``user:hash``; without it everyone may do everything.
        insecure_no_auth: Whether to serve the network without authentication.
        certificate: A PEM file of the certificate and its chain, for TLS.
        certificate_key: Its private key.
        expose_prometheus: Whether ``/metrics`` is a route.
        metrics_port: A port that serves ``/metrics`` alone; None for none.
        access_log: Whether each request is logged.
        threads: Most reads (off SQLite: operations) at the same time; the database's pool when
            None.
        queue: Most operations that wait; what comes beyond is told to ask again.
        operation_seconds: Most time for the reads of an operation.
        body_limit: Largest JSON body in bytes.
    """

    backend_store_uri: str
    registry_store_uri: str | None = None
    default_artifact_root: str | None = None
    artifacts_destination: str = "./mlartifacts"
    serve_artifacts: bool = True
    artifacts_only: bool = False
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 1
    static_prefix: str = ""
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    check_hosts_and_origins: bool = True
    x_frame_options: str = "SAMEORIGIN"
    basic_auth_file: Path | None = None
    insecure_no_auth: bool = False
    certificate: Path | None = None
    certificate_key: Path | None = None
    expose_prometheus: bool = False
    metrics_port: int | None = None
    access_log: bool = True
    threads: int | None = None
    queue: int = 1024
    operation_seconds: float = 60.0
    body_limit: int = BODY_LIMIT

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            MlflowException: a setting is wrong.
        """
        prefix = self.static_prefix
        if prefix and (not prefix.startswith("/") or prefix.endswith("/") or "//" in prefix):
            raise MlflowException.invalid_parameter_value(
                f"The static prefix must begin with a '/' and not end with one, not {prefix!r}."
            )
        if self.x_frame_options.upper() not in _FRAME_OPTIONS:
            raise MlflowException.invalid_parameter_value(
                f"X-Frame-Options must be one of {', '.join(_FRAME_OPTIONS)}, not"
                f" {self.x_frame_options!r}."
            )
        for origin in self.cors_allowed_origins:
            if origin != "*" and not _ORIGIN.match(origin):
                raise MlflowException.invalid_parameter_value(
                    f"{origin!r} is no origin: write scheme://host or scheme://host:port."
                )
        if (self.certificate is None) != (self.certificate_key is None):
            raise MlflowException.invalid_parameter_value(
                "TLS needs both a certificate and its key."
            )
        self._refuse_open_network()

    def _refuse_open_network(self) -> None:
        if is_loopback(self.host) or self.basic_auth_file or self.insecure_no_auth:
            return
        raise MlflowException.invalid_parameter_value(
            f"Refusing to serve {self.host!r} without authentication: everyone who can reach this"
            " machine could read, change and delete everything. Choose one:\n"
            "  --basic-auth-file FILE   ask for names and passwords (make one with"
            " `mlflow server hash-password`)\n"
            "  --host 127.0.0.1         serve this machine only, for example behind a proxy that"
            " authenticates\n"
            "  --insecure-no-auth       serve everyone who can connect, in a network you trust"
        )

    @property
    def artifact_root(self) -> str:
        """Where new experiments keep their artifacts."""
        if self.default_artifact_root:
            return self.default_artifact_root
        return PROXIED_ROOT if self.serve_artifacts else LOCAL_ROOT
