"""What several servers in one process need of the SDK, where it is installed: quiet, and no event of an earlier one."""

import contextlib
import os

import pytest

os.environ.setdefault("OPENREWARD_LOG_LEVEL", "CRITICAL")


@pytest.fixture(autouse=True)
def _no_event_of_an_earlier_server():
    with contextlib.suppress(ImportError):
        from sse_starlette.sse import AppStatus

        AppStatus.should_exit_event = None
