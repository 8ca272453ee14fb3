"""The OpenReward server: a host's tasks over the protocol that the OpenReward SDK, and what is built on it, speak.

The SDK's own server speaks it; around it stand a ``Keeper`` of its sessions and a ``Guard``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

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
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5)
        print(f"matchday: OpenReward at {where(opened)}, until interrupted", file=sys.stderr)
        print(f"tasks: {', '.join(f'{task.name} ({task.split})' for task in host.tasks())}", file=sys.stderr, flush=True)
        uvicorn.Server(config).run(sockets=[opened])


def openreward_app(
    host: Host, address: Address, *, agent: str = "outside", idle_seconds: float = 3600.0, limit: int = 256
) -> App:
    """Make the ASGI application; ``agent`` is the name under which seasons go on record."""
    _need_sdk()
    from openreward.environments import Server

    from matchday.serving.openreward_environments import environments_of

    server = Server(environments_of(host, agent=agent))
    # Where the client looks for what a server of this platform wants to be told: nothing.
    server.app.get("/{env_name}/v1/environments/{owner}/{name}/required-secrets")(_required_secrets)
    return Guard(Keeper(server.app, idle_seconds=idle_seconds, limit=limit), address)


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
