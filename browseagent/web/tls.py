"""Whom we trust to say who a server is."""

from __future__ import annotations

import ssl

import certifi


def tls_context() -> ssl.SSLContext:
    """Trust in the machine's own certificate store and in Mozilla's list."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
