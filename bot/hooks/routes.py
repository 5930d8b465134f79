"""The doors and where they are."""

from __future__ import annotations

from starlette.routing import Route

from bot.hooks.answers import answering
from bot.hooks.events import events_door
from bot.hooks.keyring import Keyring
from bot.hooks.litellm import litellm_door
from bot.hooks.otlp.answers import SignalKind
from bot.hooks.otlp.door import otlp_door
from bot.hooks.proof import DigestProver, Prover
from bot.hooks.tickets import github_door, jira_door, linear_door
from bot.intake import Intake
from bot.world import World


def hook_routes(world: World, intake: Intake) -> list[Route]:
    """Every door of this server."""
    secrets = world.settings.hook_secrets
    keyring = Keyring(world.store, world.now_us)
    events = Prover(secrets.events, "BANDSTAND_HOOK_SECRETS__EVENTS", keyring, "events")
    litellm = Prover(secrets.litellm, "BANDSTAND_HOOK_SECRETS__LITELLM", keyring, "litellm")
    otlp = Prover(secrets.otlp, "BANDSTAND_HOOK_SECRETS__OTLP", keyring, "otlp")
    github = DigestProver(
        secrets.github,
        "BANDSTAND_HOOK_SECRETS__GITHUB",
        keyring,
        "github",
        header="x-hub-signature-256",
        prefix="sha256=",
    )
    jira = DigestProver(
        secrets.jira, "BANDSTAND_HOOK_SECRETS__JIRA", keyring, "jira", header="x-hub-signature", prefix="sha256="
    )
    linear = DigestProver(
        secrets.linear, "BANDSTAND_HOOK_SECRETS__LINEAR", keyring, "linear", header="linear-signature"
    )
    return [
        Route("/hooks/events", answering(events_door(intake, events, world.now_us)), methods=["POST", "OPTIONS"]),
        Route("/hooks/litellm", answering(litellm_door(intake, litellm, world)), methods=["POST"]),
        *(
            Route(f"/hooks/otlp/v1/{kind.value}", otlp_door(kind, intake, otlp, world), methods=["POST"])
            for kind in SignalKind
        ),
        Route("/hooks/github", answering(github_door(intake, github, world)), methods=["POST"]),
        Route("/hooks/jira", answering(jira_door(intake, jira, world)), methods=["POST"]),
        Route("/hooks/linear", answering(linear_door(intake, linear, world)), methods=["POST"]),
    ]
