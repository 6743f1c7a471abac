"""Which pages of the training list are never trained on: confidence is fitted, and readers compared, on
these.

A reader is surer of pages that it has learnt from, so what says how sure it may be has to come from others.
An eighth of the sites, drawn once; the pages aside (``split.json``) are in neither part.
"""

from __future__ import annotations

from hashlib import sha256

from tools.questions.pages import urls
from tools.questions.split import site_of

FITTED = 0.13
"""Share of the sites."""


def sites() -> dict[str, str]:
    """The site of each page."""
    return {page: site_of(url) or page for page, url in urls().items()}


def is_fitted(site: str) -> bool:
    """Whether a site's pages are kept from training."""
    return int(sha256(site.encode()).hexdigest()[:8], 16) < FITTED * 2**32


def fitted_pages() -> dict[str, str]:
    """Pages that confidence is fitted on, with their sites."""
    return {page: site for page, site in sites().items() if is_fitted(site)}
