"""The doors and where they are."""

from __future__ import annotations

from starlette.routing import Route

from bot.hooks.answers import answering
from bot.hooks.events import events_door
from bot.hooks.litellm import litellm_door
from bot.hooks.otlp.answers import SignalKind
from bot.hooks.otlp.door import otlp_door
from bot.hooks.proof import Prover
from bot.hooks.tickets import github_door, jira_door, linear_door
from bot.intake import Intake
from bot.world import World


def hook_routes(world: World, intake: Intake) -> list[Route]:
    """Every door of this server."""
    secrets = world.settings.hook_secrets
    events = Prover(secrets.events, "BANDSTAND_HOOK_SECRETS__EVENTS")
    litellm = Prover(secrets.litellm, "BANDSTAND_HOOK_SECRETS__LITELLM")
    otlp = Prover(secrets.otlp, "BANDSTAND_HOOK_SECRETS__OTLP")
    return [
        Route("/hooks/events", answering(events_door(intake, events, world.now_us)), methods=["POST", "OPTIONS"]),
        Route("/hooks/litellm", answering(litellm_door(intake, litellm, world)), methods=["POST"]),
        *(
            Route(f"/hooks/otlp/v1/{kind.value}", otlp_door(kind, intake, otlp, world), methods=["POST"])
            for kind in SignalKind
        ),
        Route("/hooks/github", answering(github_door(intake, secrets.github, world)), methods=["POST"]),
        Route("/hooks/jira", answering(jira_door(intake, secrets.jira, world)), methods=["POST"]),
        Route("/hooks/linear", answering(linear_door(intake, secrets.linear, world)), methods=["POST"]),
    ]
