"""The yardstick server: Starlette on uvicorn as ``bandstand serve`` runs them, answering 202 without work."""

from __future__ import annotations

import os

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import server_config


async def accept(request: Request) -> Response:
    await request.body()
    return Response(status_code=202)


async def ready(_request: Request) -> Response:
    return Response()


if __name__ == "__main__":
    app = Starlette(routes=[Route("/hooks/events", accept, methods=["POST"]), Route("/readyz", ready)])
    config = server_config(app)
    config.port = int(os.environ["BANDSTAND_PORT"])
    uvicorn.Server(config).run()
