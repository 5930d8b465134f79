"""The yardstick server: Starlette on uvicorn as ``bandstand serve`` runs them, answering 202 without work."""

from __future__ import annotations

import os
import socket

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import serve


async def accept(request: Request) -> Response:
    await request.body()
    return Response(status_code=202)


async def ready(_request: Request) -> Response:
    return Response()


if __name__ == "__main__":
    app = Starlette(routes=[Route("/hooks/events", accept, methods=["POST"]), Route("/readyz", ready)])
    with socket.create_server(("127.0.0.1", int(os.environ["BANDSTAND_PORT"])), backlog=2048) as listening:
        serve(app, listening)
