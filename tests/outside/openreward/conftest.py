"""The SDK logs every request unless it is told otherwise before it is imported."""

import os

os.environ.setdefault("OPENREWARD_LOG_LEVEL", "CRITICAL")
