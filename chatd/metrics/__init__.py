"""Metrics: what has been counted, for Prometheus, and whether the daemon is well.

Wants ``chatd[metrics]``. The modules in here that import prometheus_client are loaded when a
place is named in ``[metrics] listen``, and not before.
"""

import importlib.util

NOT_INSTALLED = "prometheus_client is not installed: pip install 'chatd[metrics]'"


def is_installed() -> bool:
    """Whether all is there that metrics need."""
    return importlib.util.find_spec("prometheus_client") is not None
