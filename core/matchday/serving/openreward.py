"""The OpenReward server: a host's tasks over the protocol that the OpenReward SDK, and what is built on it, speak.

The SDK's own server speaks it; around it stand a ``Keeper`` of its sessions and a ``Guard``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from matchday.environment import Host
from matchday.errors import MatchdayError
from matchday.serving.address import Address, where
from matchday.serving.guard import App, Guard
from matchday.serving.keeping import Keeper


def serve_openreward(
    make: Callable[[], Host], address: Address, *, agent: str = "outside", idle_seconds: float, limit: int
) -> None:
    """Serve what ``make`` makes until interrupted; says on standard error where.

    Raises ``MatchdayError`` where the SDK is not installed, the address cannot be had, or a task cannot be played.
    """
    _need_sdk()
    import uvicorn

    with address.listen() as opened:
        host = make()
        app = openreward_app(host, address, agent=agent, idle_seconds=idle_seconds, limit=limit)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_keep_alive=60,  # longer than the client keeps its connections: it sends calls again on a closed one
            timeout_graceful_shutdown=5,
        )
        print(f"matchday: OpenReward at {where(opened)}, until interrupted", file=sys.stderr)
        print(
            f"tasks: {', '.join(f'{task.name} ({task.split})' for task in host.tasks())}", file=sys.stderr, flush=True
        )
        uvicorn.Server(config).run(sockets=[opened])


def openreward_app(
    host: Host, address: Address, *, agent: str = "outside", idle_seconds: float = 3600.0, limit: int = 256
) -> App:
    """Make the ASGI application; ``agent`` is the name under which seasons go on record."""
    _need_sdk()
    from fastapi.exceptions import RequestValidationError
    from openreward.environments import Server

    from matchday.serving.openreward_environments import environments_of

    server = Server(environments_of(host, agent=agent))
    server.app.add_exception_handler(RequestValidationError, _in_one_line)
    # Where the client looks for what a server of this platform wants to be told: nothing.
    server.app.get("/{env_name}/v1/environments/{owner}/{name}/required-secrets")(_required_secrets)
    return Guard(Keeper(server.app, idle_seconds=idle_seconds, limit=limit), address)


async def _in_one_line(_: Any, error: Any) -> Any:
    """Say what is wrong with a request; FastAPI would quote it, which fails for what is no text or no number."""
    from starlette.responses import Response

    first = error.errors()[0]
    told = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return Response(json.dumps({"detail": told[:500]}), status_code=422, media_type="application/json")


def _required_secrets() -> dict[str, Sequence[str]]:
    return {"secrets": []}


def _need_sdk() -> None:
    """Import the SDK, which logs every request unless told otherwise before it is imported."""
    os.environ.setdefault("OPENREWARD_LOG_LEVEL", "ERROR")
    try:
        import openreward  # noqa: F401
    except ImportError as error:
        raise MatchdayError(
            "serve openreward: the SDK is not installed; pip install 'matchday[openreward]' brings it."
        ) from error
