"""The command line: names, options and help. What a command does is in ``bot.commands``, imported when it is called."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="bandstand",
    help="Gamified recognition of AI use in Slack that rewards reliable value per token.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Take in people or events from a file.", no_args_is_help=True)
app.add_typer(imports, name="import")
tokens = typer.Typer(help="Tokens with which programs send: make, list, revoke.", no_args_is_help=True)
app.add_typer(tokens, name="tokens")
identities = typer.Typer(help="Whom nobody answers to, by volume; link and unlink names by hand.")
app.add_typer(identities, name="identities")
flags = typer.Typer(help="What looks odd, with the evidence; decide on it.")
app.add_typer(flags, name="flags")
badges = typer.Typer(help="Who holds which badge; take one back.")
app.add_typer(badges, name="badges")

trail = typer.Typer(help="The audit trail: what was done by whom; whether it is what was written.")
app.add_typer(trail, name="trail")


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Verdict(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"


class PullSource(StrEnum):
    LITELLM = "litellm"
    CLAUDE_CODE_ANALYTICS = "claude-code-analytics"
    GITHUB = "github"


At = Annotated[str | None, typer.Option(help="The world as it was then, e.g. 2026-11-02 or 2026-11-02T09:00:00Z.")]
Board = Annotated[str, typer.Option(help="Which board: team, outcome, exploration, compliance or raw.")]


def now_us() -> int:
    return time.time_ns() // 1000


@app.command()
def init() -> None:
    """Write a commented program.toml and a .env to fill in; existing files stay as they are."""
    from bot.commands.init import write_starting_files

    write_starting_files(Path.cwd())


@app.command()
def serve(
    no_slack: Annotated[bool, typer.Option("--no-slack", help="Take events alone: no Slack, no schedule.")] = False,
) -> None:
    """Run the service: hooks, Slack and schedule."""
    from bot.app import run_server
    from bot.settings import load_settings

    run_server(load_settings(), now_us, with_slack=not no_slack)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Show a digest and an answer here, then end.")] = False,
    port: Annotated[int | None, typer.Option(help="Where the local Slack listens.")] = None,
) -> None:
    """Try it all on a made-up company and a local Slack."""
    from bot.sandbox.demo import run_demo

    run_demo(once=once, port=port, now_us=now_us)


@app.command()
def check() -> None:
    """Look over program, database and Slack, one line each."""
    from bot.commands.check import check_everything
    from bot.settings import load_settings

    raise typer.Exit(check_everything(load_settings(), now_us))


@imports.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV with a header row; email is the key.")],
    skip_bad_rows: Annotated[bool, typer.Option("--skip-bad-rows", help="Take the rows that can be read.")] = False,
) -> None:
    """Take in the directory. A row that cannot be read stops it all, unless --skip-bad-rows."""
    from bot.commands.import_people import import_people_file
    from bot.settings import load_settings

    import_people_file(load_settings(), now_us, file, skip_bad_rows=skip_bad_rows)


@imports.command("events")
def import_events(
    file: Annotated[Path, typer.Argument(help="CloudEvents as JSON Lines, .jsonl or .jsonl.gz.")],
) -> None:
    """Take in events. What is known already changes nothing."""
    from bot.commands.import_events import import_events_file
    from bot.settings import load_settings

    import_events_file(load_settings(), now_us, file)


@app.command()
def pull(
    source: Annotated[PullSource, typer.Argument(help="Whom to ask.")],
    first: Annotated[
        str | None, typer.Option("--from", help="First UTC day, e.g. 2026-11-02; else three before --to.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last UTC day, included; else today.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask for finished days too.")] = False,
    redeliver: Annotated[bool, typer.Option("--redeliver", help="github: have deliveries sent again instead.")] = False,
) -> None:
    """Fetch what webhooks missed. What is known already changes nothing; an interrupted pull goes on."""
    from bot.commands.pull import pull_events
    from bot.settings import load_settings

    if redeliver and source is not PullSource.GITHUB:
        raise typer.BadParameter("--redeliver is for github")
    pull_events(load_settings(), now_us, source, first=first, last=last, again=again, redeliver=redeliver)


@app.command()
def run(
    job: Annotated[str, typer.Argument(help="digest, standings, welcome, ai_ops_report or sync_people.")],
    at: At = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be posted; change nothing.")] = False,
) -> None:
    """Run one scheduled job now."""
    from bot.commands.run import run_one_job
    from bot.settings import load_settings

    run_one_job(load_settings(), now_us, job, at=at, dry_run=dry_run)


@app.command()
def standings(
    board: Board,
    at: At = None,
    window: Annotated[str | None, typer.Option(help="Another length than the program's, e.g. 28d.")] = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Show who stands where on a board."""
    from bot.commands.standings import show_standings
    from bot.settings import load_settings

    show_standings(load_settings(), now_us, board, at=at, window=window, format=format)


@app.command()
def explain(
    email: Annotated[str, typer.Argument(help="Whose score or band; on the team board a team's name works too.")],
    board: Annotated[
        str | None, typer.Option(help="Which board: team, outcome, exploration, compliance or raw.")
    ] = None,
    bands: Annotated[bool, typer.Option("--bands", help="The band instead of a score.")] = False,
    scorecards: Annotated[
        bool, typer.Option("--scorecards", help="What they learn, and what their work costs.")
    ] = False,
    badges: Annotated[bool, typer.Option("--badges", help="How far they have come with each badge.")] = False,
    flags: Annotated[bool, typer.Option("--flags", help="What was flagged, with the evidence.")] = False,
    at: At = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Take a score, a band, badges or flags apart, or show a person's two scorecards."""
    from bot.commands.explain import show_band_explanation, show_explanation, show_scorecards
    from bot.commands.explain_recognition import show_badge_explanations, show_flag_explanations
    from bot.settings import load_settings

    if bands + scorecards + badges + flags + (board is not None) != 1:
        raise typer.BadParameter("say one of --board NAME, --bands, --badges, --flags and --scorecards")
    if board is not None:
        show_explanation(load_settings(), now_us, email, board, at=at, format=format)
    elif bands:
        show_band_explanation(load_settings(), now_us, email, at=at, format=format)
    elif badges:
        show_badge_explanations(load_settings(), now_us, email, at=at, format=format)
    elif flags:
        show_flag_explanations(load_settings(), now_us, email, at=at, format=format)
    else:
        show_scorecards(load_settings(), now_us, email, at=at, format=format)


@app.command("bands")
def list_bands(at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Show everybody's band as it was shown, with the reasons."""
    from bot.commands.bands import show_bands
    from bot.settings import load_settings

    show_bands(load_settings(), now_us, at=at, format=format)


@app.command("budgets")
def list_budgets(at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Show every ceiling: what was used of it, the outlook, and whose it is."""
    from bot.commands.budgets import show_budgets
    from bot.settings import load_settings

    show_budgets(load_settings(), now_us, at=at, format=format)


@tokens.command("add")
def add_token(
    door: Annotated[str, typer.Argument(help="Which door it opens: events, litellm or otlp.")],
    name: Annotated[str, typer.Option(help="What will use it, e.g. jenkins.")],
) -> None:
    """Make a token for a program and print it, this once."""
    from bot.commands.tokens import make_token
    from bot.settings import load_settings

    make_token(load_settings(), now_us, door, name)


@tokens.command("list")
def list_tokens(
    all: Annotated[bool, typer.Option("--all", help="The revoked ones too.")] = False,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Show the tokens with when each was last used, personal ones included; never what proves them."""
    from bot.commands.tokens import show_tokens
    from bot.settings import load_settings

    show_tokens(load_settings(), now_us, with_revoked=all, format=format)


@tokens.command("revoke")
def revoke_token(id: Annotated[str, typer.Argument(help="The token's id, as tokens list shows it.")]) -> None:
    """Take a token back: within seconds it opens nothing."""
    from bot.commands.tokens import take_back_token
    from bot.settings import load_settings

    take_back_token(load_settings(), now_us, id)


@identities.callback(invoke_without_command=True)
def list_identities(
    context: typer.Context,
    window: Annotated[str, typer.Option(help="How far back, e.g. 28d.")] = "28d",
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Show whom nobody answers to, by volume, with likely owners; link and unlink names by hand."""
    if context.invoked_subcommand is not None:
        return
    from bot.commands.identities import show_identities
    from bot.settings import load_settings

    show_identities(load_settings(), now_us, window=window, format=format)


_Source = Annotated[str, typer.Argument(help="The source as bandstand identities shows it, e.g. litellm.")]
_ExternalId = Annotated[str, typer.Argument(help="The name as that source knows it.")]


@identities.command("link")
def link_identity(
    source: _Source,
    external_id: _ExternalId,
    email: Annotated[str, typer.Argument(help="Whose it is.")],
) -> None:
    """Make a name somebody's, whatever imports say; what came under it before is theirs too."""
    from bot.commands.identities import link_identity as link
    from bot.settings import load_settings

    link(load_settings(), now_us, source, external_id, email)


@identities.command("unlink")
def unlink_identity(source: _Source, external_id: _ExternalId) -> None:
    """Take a link made by hand back."""
    from bot.commands.identities import unlink_identity as unlink
    from bot.settings import load_settings

    unlink(load_settings(), now_us, source, external_id)


@flags.callback(invoke_without_command=True)
def list_flags(context: typer.Context, at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Show what looks odd, with the evidence and what people decided; decide on it."""
    if context.invoked_subcommand is not None:
        return
    from bot.commands.flags import show_flags
    from bot.settings import load_settings

    show_flags(load_settings(), now_us, at=at, format=format)


@flags.command("decide")
def decide_flag(
    id: Annotated[str, typer.Argument(help="The flag's id, as bandstand flags shows it.")],
    verdict: Annotated[Verdict, typer.Argument(help="confirm or dismiss.")],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    by: Annotated[str, typer.Option(help="Who decided it, by e-mail.")],
) -> None:
    """Put down what a person found about a flag."""
    from bot.commands.flags import decide_flag as decide
    from bot.settings import load_settings

    decide(load_settings(), now_us, id, verdict, reason=reason, by=by)


@app.command("disputes")
def list_disputes(
    every: Annotated[bool, typer.Option("--all", help="Those that were answered or taken back, too.")] = False,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Show what is disputed and by when it is to be answered."""
    from bot.commands.disputes import show_disputes
    from bot.settings import load_settings

    show_disputes(load_settings(), now_us, every=every, format=format)


@badges.callback(invoke_without_command=True)
def list_badges(
    context: typer.Context, at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE
) -> None:
    """Show who holds which badge, and why; take one back."""
    if context.invoked_subcommand is not None:
        return
    from bot.commands.badges import show_badges
    from bot.settings import load_settings

    show_badges(load_settings(), now_us, at=at, format=format)


@badges.command("revoke")
def revoke_badge(
    email: Annotated[str, typer.Argument(help="Whose.")],
    badge: Annotated[str, typer.Argument(help="The badge's name in the program, e.g. cache_wizard.")],
    period: Annotated[str, typer.Argument(help="Of which period, as bandstand badges shows it, e.g. 2026-06.")],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    by: Annotated[str, typer.Option(help="Who decided it.")] = "command line",
) -> None:
    """Take a badge back, with the reason on record."""
    from bot.commands.badges import revoke_badge as revoke
    from bot.settings import load_settings

    revoke(load_settings(), now_us, email, badge, period, reason=reason, by=by)


@app.command()
def simulate(
    other: Annotated[Path, typer.Argument(help="Another program.toml.")],
    at: At = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Compare today's program with another: who would move, and why."""
    from bot.commands.simulate import show_simulation
    from bot.settings import load_settings

    show_simulation(load_settings(), now_us, other, at=at, format=format)


@app.command()
def ablate(at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Show what each component of each board decides: the order with and without it."""
    from bot.commands.simulate import show_ablation
    from bot.settings import load_settings

    show_ablation(load_settings(), now_us, at=at, format=format)


@app.command()
def attack(at: At = None, format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Let the built-in adversaries loose on the ledger, show what each would gain, and undo it all."""
    from bot.commands.attack import show_attacks
    from bot.settings import load_settings

    show_attacks(load_settings(), now_us, at=at, format=format)


@app.command()
def rules() -> None:
    """Show the rules in plain language."""
    from bot.commands.rules import show_rules
    from bot.settings import load_settings

    show_rules(load_settings())


@app.command("litellm-callback")
def litellm_callback() -> None:
    """Print the file that a LiteLLM proxy loads to report here: put it beside the proxy's config.yaml."""
    from importlib.resources import files

    sys.stdout.write((files("bot.litellm_callback") / "bandstand_callback.py").read_text(encoding="utf-8"))


@trail.callback(invoke_without_command=True)
def list_trail(
    context: typer.Context,
    about: Annotated[str | None, typer.Option(help="What concerns this person, by e-mail.")] = None,
    actor: Annotated[str | None, typer.Option(help='Who did it: an e-mail, "command line" or "schedule".')] = None,
    since: Annotated[str | None, typer.Option(help="From then on, e.g. 2026-11-02.")] = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Show who did what, about whom, when and why; verify that it is what was written."""
    if context.invoked_subcommand is not None:
        return
    from bot.commands.trail import show_trail
    from bot.settings import load_settings

    show_trail(load_settings(), now_us, about=about, actor=actor, since=since, format=format)


@trail.command("verify")
def verify_trail(
    anchor: Annotated[str | None, typer.Option(help="NUMBER:HASH that an earlier verify printed.")] = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Recompute the chain; say where it ends, or at which row it breaks."""
    from bot.commands.trail import verify_trail as verify
    from bot.settings import load_settings

    verify(load_settings(), now_us, anchor, format=format)


@app.command()
def export(email: Annotated[str, typer.Argument(help="Whose data.")]) -> None:
    """Print all that is kept about a person, as one JSON document."""
    from bot.commands.export import export_person
    from bot.settings import load_settings

    export_person(load_settings(), now_us, email)


@app.command()
def erase(
    email: Annotated[str, typer.Argument(help="Whom.")],
    reason: Annotated[str, typer.Option(help="Why; it stays on record, without the name.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a person out of everything; totals stay as they were."""
    from bot.commands.erase import erase_person
    from bot.settings import load_settings

    erase_person(load_settings(), now_us, email, reason=reason, is_sure=yes)


@app.command()
def rebuild() -> None:
    """Recompute the daily roll-ups from the events and say whether they were the same."""
    from bot.commands.rebuild import rebuild_rollups
    from bot.settings import load_settings

    rebuild_rollups(load_settings(), now_us)


def main() -> None:
    """Ends with 0 when done, 1 with one line on stderr when the input or the world is wrong, 2 for wrong usage."""
    from bot.faults import EXPECTED

    try:
        app()
    except EXPECTED as error:
        sys.stderr.write(f"bandstand: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
