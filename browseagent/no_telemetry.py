"""Keeps OpenVINO from reporting that it is used. Nothing that browseagent runs on may call home.

The wheel of ``openvino`` requires ``openvino-telemetry``, and ``import openvino`` alone makes a client id in
``~/intel`` and sends an event to Google Analytics, from a process that it forks, unless the file
``~/intel/openvino_telemetry`` says 0 (2026.4.1, seen with strace; nobody is asked). Where that package
cannot be imported, OpenVINO takes a stub in its place that does nothing. So it is made impossible to
import, in this process alone: no file of the user is written and no variable set.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import cast

TELEMETRY = "openvino_telemetry"


def keep_out() -> None:
    """Makes ``import openvino_telemetry`` fail from now on. To be called before ``import openvino``, in each
    process that does. Where a program that embeds us has loaded it already, that is the program's choice."""
    cast("dict[str, ModuleType | None]", sys.modules).setdefault(TELEMETRY, None)
