"""MCP over HTTP: stateless, one JSON answer a request."""

from __future__ import annotations

from socket import socket

import uvicorn

from matchday.serving.address import Address
from matchday.serving.guard import App, Guard, Message, Receive, Send, answer
from matchday.serving.mcp import Game, server_of

PATH = "/mcp"


def http_app(game: Game, address: Address) -> App:
    """Make the ASGI application that serves a game at ``/mcp``; nothing is kept between requests but the game.

    ``Guard`` says who may come in.
    """
    app = server_of(game).streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, host=address.host
    )
    return Guard(_posts(app), address)


def serve_http(game: Game, address: Address, opened: socket) -> None:
    """Serve on an open socket of the address until interrupted."""
    app = http_app(game, address)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_keep_alive=60,  # longer than clients keep a connection, which they would find closed otherwise
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[opened])


def _posts(app: App) -> App:
    """Let POST requests through alone; a GET would wait for messages that never come."""

    async def posts(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            return await answer(send, 405, {"detail": "POST is all that is served here."}, {"allow": "POST"})
        return await app(scope, receive, send)

    return posts
