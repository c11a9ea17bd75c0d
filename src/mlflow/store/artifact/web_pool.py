"""Connections to web servers, by the proxies that the environment names."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from mlflow.environment_variables import MLFLOW_DOWNLOAD_CHUNK_TIMEOUT


def web_pool(url: str, *, insecure_tls: bool = False) -> urllib3.PoolManager:
    """Return a pool of connections that neither repeats nor redirects requests.

    Args:
        url: The server; decides about the proxy.
        insecure_tls: Whether any certificate will do.
    """
    parts = urlsplit(url)
    timeout = urllib3.Timeout(connect=10, read=MLFLOW_DOWNLOAD_CHUNK_TIMEOUT.get())
    requirement = "CERT_NONE" if insecure_tls else "CERT_REQUIRED"
    proxy = getproxies().get(parts.scheme)
    if proxy is None or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(timeout=timeout, retries=False, cert_reqs=requirement)
    return urllib3.ProxyManager(
        proxy,
        proxy_headers=_proxy_headers(proxy),
        timeout=timeout,
        retries=False,
        cert_reqs=requirement,
    )


def _proxy_headers(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(urllib3.make_headers(proxy_basic_auth=user))
