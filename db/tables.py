"""Every table, once. Times are microseconds since 1970 UTC (``_us``), money is integer nano-dollars."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key


def _spent() -> tuple[Column[int], ...]:
    return tuple(Column(name, BigInteger, nullable=False) for name in ("tokens", "cost_nanousd", "unpriced_tokens"))


# A key is the 16-byte hash of (source, id). This table alone decides whether an event is new, so that
# the pair stays unique for ever, whatever day or person a second copy claims.
event_keys = Table("event_keys", metadata, Column("key", LargeBinary(16), primary_key=True), sqlite_with_rowid=False)

# The ledger. Clustered by day, because work arrives by day: a random leading key is several times slower.
events = Table(
    "events",
    metadata,
    Column("event_day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),
    Column("type", Text, nullable=False),  # usage, outcome, policy, contribution, training
    Column("time_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("lane", Text),
    Column("task", Text),
    # usage
    Column("model", Text),
    Column("tokens_input", BigInteger),
    Column("tokens_output", BigInteger),
    Column("tokens_cache_read", BigInteger),
    Column("tokens_cache_write", BigInteger),
    Column("cost_nanousd", BigInteger),  # NULL = unpriced
    Column("cost_kind", Text),  # billed, estimated, listed, separate
    Column("use_case", Text),
    Column("session", Text),
    Column("is_error", Boolean(create_constraint=False)),
    Column("is_retry", Boolean(create_constraint=False)),
    Column("latency_ms", Double),
    Column("prompt_hash", Text),
    Column("tags", Text),  # JSON array of strings
    Column("calls", Integer),  # 0 = a counter's reading
    Column("signal", Integer),  # how it was reported, where several signals may tell of the same usage
    Column("scope", LargeBinary(16)),  # the usage that they tell of
    Column("is_shadowed", Boolean(create_constraint=False)),  # another signal counts instead
    # outcome
    Column("kind", Text),  # also of policy and contribution
    Column("started_us", BigInteger),
    Column("is_accepted", Boolean(create_constraint=False)),
    Column("edit_distance", Double),
    Column("quality", Double),
    Column("errors", BigInteger),
    Column("is_escalated", Boolean(create_constraint=False)),
    Column("is_incident", Boolean(create_constraint=False)),
    Column("minutes_saved", Double),
    Column("reverses_key", LargeBinary(16)),
    # policy, contribution, training
    Column("name", Text),  # of the policy, the asset's id, the module
    Column("action", Text),
    Column("severity", Text),
    Column("title", Text),
    Column("url", Text),
    sqlite_with_rowid=False,
)
Index(
    "ix_events_not_usage",
    events.c.event_day,
    events.c.identity_id,
    sqlite_where=events.c.type != "usage",
    postgresql_where=events.c.type != "usage",
)
# A violation counts until it is resolved, however old it is.
Index(
    "ix_events_policy",
    events.c.event_day,
    events.c.identity_id,
    sqlite_where=events.c.type == "policy",
    postgresql_where=events.c.type == "policy",
)

# What others did to somebody's work is looked for by day alone.
Index(
    "ix_events_reversal",
    events.c.event_day,
    sqlite_where=events.c.reverses_key.is_not(None),
    postgresql_where=events.c.reverses_key.is_not(None),
)
Index(
    "ix_events_contribution",
    events.c.event_day,
    events.c.identity_id,
    sqlite_where=events.c.type == "contribution",
    postgresql_where=events.c.type == "contribution",
)

# What was tried in the sandbox is looked at by use case, which no roll-up knows.
Index(
    "ix_events_exploration",
    events.c.event_day,
    events.c.identity_id,
    sqlite_where=events.c.lane == "exploration",
    postgresql_where=events.c.lane == "exploration",
)

# When a better signal comes in, what weaker ones told of the same usage is found by this; nothing is above "billed".
_MAY_GIVE_WAY = events.c.signal < 6
Index("ix_events_scope", events.c.scope, sqlite_where=_MAY_GIVE_WAY, postgresql_where=_MAY_GIVE_WAY)

# The best signal known of the usage that several signals may tell of. ``key`` is the hash of the scope's name.
scopes = Table(
    "scopes",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("signal", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The highest amount known of each cumulative series.
series = Table(
    "series",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What usage cost before it was priced anew: the trail of the figures that people have seen.
repricings = Table(
    "repricings",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("at_us", BigInteger, primary_key=True),
    Column("event_day", Date, nullable=False),
    Column("identity_id", BigInteger, nullable=False),
    Column("old_nanousd", BigInteger),  # NULL = unpriced
    Column("new_nanousd", BigInteger),
    Column("prices", Text, nullable=False),  # the fingerprint of the prices that made the new figure
    sqlite_with_rowid=False,
)

# Under which prices all usage of the last days has been priced.
price_books = Table(
    "price_books",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
)

usage_days = Table(
    "usage_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("model", Text, primary_key=True),  # normalised
    Column("calls", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("retries", BigInteger, nullable=False),
    Column("tokens_input", BigInteger, nullable=False),
    Column("tokens_output", BigInteger, nullable=False),
    Column("tokens_cache_read", BigInteger, nullable=False),
    Column("tokens_cache_write", BigInteger, nullable=False),
    Column("cost_nanousd", BigInteger, nullable=False),  # of the priced calls
    Column("unpriced_calls", BigInteger, nullable=False),
    Column("unpriced_tokens", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Roll-ups of everything that is not usage. ``lane`` is '' where the type has none.
activity_days = Table(
    "activity_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # outcome kind, policy kind, contribution or training action
    Column("lane", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("declined", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("escalations", BigInteger, nullable=False),
    Column("incidents", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# ``usage_days`` of days that are over, by identity and lane: compressed columns (``db.usage_columns``).
usage_columns = Table(
    "usage_columns",
    metadata,
    Column("day", Date, primary_key=True),
    Column("changes", BigInteger, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)

# What flags look at on days that are over. ``changes``: how often usage of the day had changed afterwards by then, as far as
# ``day_changes`` knew; where it knows of more, the rows of the day are out of date.
trace_days = Table(
    "trace_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("changes", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),  # of the last usage; 0 = none
    Column("least_repeats", Integer, nullable=False),
    Column("least_hours", Integer, nullable=False),
)
day_changes = Table(
    "day_changes",
    metadata,
    Column("day", Date, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),  # of the count; several can be added to at once
    Column("changes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
task_days = Table(
    "task_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("task", Text, primary_key=True),
    *_spent(),
    sqlite_with_rowid=False,
)
session_days = Table(
    "session_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("first_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("named", BigInteger, nullable=False),  # calls that name a task
    *_spent(),
    sqlite_with_rowid=False,
)
repeat_days = Table(
    "repeat_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("prompt_hash", Text, primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("tasks", BigInteger, nullable=False),
    Column("hours", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
busy_days = Table(
    "busy_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("identity_id", BigInteger, primary_key=True),
    Column("hours", BigInteger, nullable=False),
    Column("crowded_hours", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

identities = Table(
    "identities",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("person_id", BigInteger),  # NULL = unattributed
    Column("linked_by", Text),  # email, alias, hand, token, erased
    Column("created_us", BigInteger, nullable=False),
    Column("is_asserted", Boolean(create_constraint=False), nullable=False, server_default=false()),
    UniqueConstraint("source", "external_id", name="uq_identities_source_external_id"),
    Index("ix_identities_person_id", "person_id"),
)

people = Table(
    "people",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("email", Text, nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False, default=""),
    Column("slack_id", Text, unique=True),
    Column("slack_timezone", Text),
    Column("manager_email", Text, nullable=False, default=""),
    Column("team", Text, nullable=False, default=""),
    Column("function", Text, nullable=False, default=""),
    Column("region", Text, nullable=False, default=""),
    Column("seniority", Text, nullable=False, default=""),
    Column("maturity", Text, nullable=False, default=""),
    Column("tier", Text, nullable=False, default=""),
    Column("cohort", Text, nullable=False, default=""),
    Column("is_active", Boolean(create_constraint=False), nullable=False, default=True),
    Column("naming", Text),  # NULL = has not said; named, unnamed
    Column("welcomed_us", BigInteger),  # when told privately what is measured; nobody is named before
    Column("told_naming", Text),  # under which rule about names they were told it last; NULL = opt_out
    Column("updated_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,  # the id of somebody erased is nobody else's ever
)

# Every account that Slack listed, bots and guests included: who is served is decided at each click.
slack_accounts = Table(
    "slack_accounts",
    metadata,
    Column("slack_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # member, guest, bot, outsider, closed
    Column("updated_us", BigInteger, nullable=False),
)

program_versions = Table(
    "program_versions",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("version", Text, nullable=False),
    Column("content", Text, nullable=False),  # the file as it was
    Column("since_us", BigInteger, nullable=False),
)

# The latest of each board, as /rank and the digest read it.
standing_runs = Table(
    "standing_runs",
    metadata,
    Column("board", Text, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("window_start_us", BigInteger, nullable=False),
    Column("program_version", Text, nullable=False),
    Column("ranked", Integer, nullable=False),
    Column("withheld", Integer, nullable=False),
)
standings = Table(
    "standings",
    metadata,
    Column("board", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a person's id as text, or a team's name
    Column("person_id", BigInteger),
    Column("team", Text),
    Column("at_us", BigInteger, nullable=False),
    Column("rank", Integer),  # NULL = withheld
    Column("score", Double),
    Column("percentile", Double),
    Column("is_provisional", Boolean(create_constraint=False)),
    Column("withheld_reason", Text),
    Column("program_version", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON: the whole entry, components and sentences included
    Index("ix_standings_board_rank", "board", "rank"),
)

# Recognition given: once for each level and period. A level that rises later is a row of its own.
badge_awards = Table(
    "badge_awards",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("badge", Text, primary_key=True),
    Column("period", Text, primary_key=True),  # 2026-W23, 2026-06 or 2026-Q2
    Column("level", Text, primary_key=True),
    Column("awarded_us", BigInteger, nullable=False),
    Column("value", Double, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("text", Text, nullable=False),  # the figure in a sentence
    Column("program_version", Text, nullable=False),
    Column("revoked_us", BigInteger),
    Column("revoked_by", Text),
    Column("revoked_reason", Text),
    Column("told_us", BigInteger),  # when the person hears of it, not before; NULL = not yet
    Column("visibility", Text),  # what the person chose: shared, private; NULL = nothing
    Index("ix_badge_awards_awarded_us", "awarded_us"),
    Index("ix_badge_awards_told_us", "told_us"),
)

# How far everybody has come with the badges of the periods under way, as computed last.
badge_progress = Table(
    "badge_progress",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("progress", Text, nullable=False),  # JSON
)

# Bands as they were shown: a row a change, and one a day while there are reasons. Nothing is ever rewritten.
band_runs = Table(
    "band_runs",
    metadata,
    Column("at_us", BigInteger, primary_key=True),
    Column("previous_us", BigInteger, nullable=False, unique=True),  # of the run that it builds on; 0 = the first
    Column("program_version", Text, nullable=False),
)
band_changes = Table(
    "band_changes",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("at_us", BigInteger, primary_key=True),
    Column("band", Text, nullable=False),  # as shown
    Column("raw_band", Text, nullable=False),  # as the rules say at that moment
    Column("reasons", Text, nullable=False),  # JSON
    Column("told", Text, nullable=False),  # nothing, worsened, reminder, eased, cleared
    Column("program_version", Text, nullable=False),
    Column("state", Text, nullable=False),  # JSON: what the next run goes on from
    Index("ix_band_changes_at_us", "at_us"),
)

# Requests for more room under a ceiling. What became of each stands in exception_steps.
budget_exceptions = Table(
    "budget_exceptions",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("budget", Text, nullable=False),  # its name in the program
    Column("subject", Text, nullable=False),  # a person's id as text, or a team, use case or tier
    Column("person_id", BigInteger, nullable=False),  # who asks
    Column("amount", BigInteger, nullable=False),  # nano-dollars or tokens, as the budget is
    Column("is_total", Boolean(create_constraint=False), nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("asked_us", BigInteger, nullable=False),
    Column("asked", Text),  # JSON: the outbox's keys of the messages that ask for a decision
    Index("ix_budget_exceptions_person_id", "person_id"),
)
exception_steps = Table(
    "exception_steps",
    metadata,
    Column("exception_id", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", Text, nullable=False),  # asked, asked_back, approved, declined, withdrawn, expired
    Column("at_us", BigInteger, nullable=False),
    Column("person_id", BigInteger),  # who did it; NULL = the clock
    Column("note", Text, nullable=False),
    Column("granted", BigInteger),  # of an approval: how much, where it is less than was asked; NULL = all
    Index("ix_exception_steps_state", "state", "at_us"),
)

# What somebody says is wrong about a score, flag, band or badge of theirs. What became of each stands in dispute_steps.
disputes = Table(
    "disputes",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),  # score, band, badge, flag
    Column("matter", Text, nullable=False),  # a board; ''; BADGE/PERIOD; a flag's id
    Column("what", Text, nullable=False),  # what it was called
    Column("why", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON: the figures behind it, as sentences
    Column("program_version", Text, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("asked", Text),  # JSON: the outbox's keys of the messages that ask for an answer
    Index("ix_disputes_person_id", "person_id"),
)
dispute_steps = Table(
    "dispute_steps",
    metadata,
    Column("dispute_id", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("person_id", BigInteger, nullable=False),  # whose dispute it is
    Column("state", Text, nullable=False),  # open, upheld, declined, withdrawn
    Column("at_us", BigInteger, nullable=False),
    Column("by_id", BigInteger, nullable=False),  # the person who did it
    Column("note", Text, nullable=False),
    Column("consequence", Text, nullable=False),  # nothing, recomputed, flags_dismissed, badge_restored
    Index("ix_dispute_steps_person_id", "person_id"),
)

# Flags as the daily job found them. ``id`` stays the same while days are added to it.
flags = Table(
    "flags",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("found_us", BigInteger, nullable=False),  # first
    Column("seen_us", BigInteger, nullable=False),  # last
    Column("flag", Text, nullable=False),  # JSON: the whole flag as it was last seen
    Column("lapsed_us", BigInteger),  # the first look that did not find it any more
    Column(
        "asked", Text
    ),  # JSON: the outbox's keys of the messages that ask for a decision; NULL = nobody was asked yet
    Index("ix_flags_person_id", "person_id"),
)

# What people decided about flags, one row a decision, never changed.
flag_decisions = Table(
    "flag_decisions",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("flag_id", Text, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("flag", Text, nullable=False),  # JSON: the whole flag as whoever decided saw it
    Column("verdict", Text, nullable=False),  # confirmed, dismissed
    Column("decided_by", Text, nullable=False),  # a person's id
    Column("reason", Text, nullable=False),
    Column("decided_us", BigInteger, nullable=False),
    Index("ix_flag_decisions_person_id", "person_id"),
)

# How scores went: of each ISO week the last that was published.
score_weeks = Table(
    "score_weeks",
    metadata,
    Column("board", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a person's id as text, or a team
    Column("week", Text, primary_key=True),  # 2026-W22
    Column("person_id", BigInteger),  # NULL = a team
    Column("score", Double, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("program_version", Text, nullable=False),
    Index("ix_score_weeks_person_id", "person_id"),
)

# Who was asked to teach and what they said, one row an answer, never changed.
teacher_answers = Table(
    "teacher_answers",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),  # asked, offers, not_now, never, ended
    Column("at_us", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("times", Text, nullable=False),
    Index("ix_teacher_answers_person_id", "person_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # a channel (C…, G…, #name) or a person (U…, W…)
    Column("message", Text, nullable=False),  # JSON: text, blocks
    Column("replaces", Text),  # the dedupe_key of the message whose place it takes
    Column("priority", Integer, nullable=False),  # lower goes first
    Column("state", Text, nullable=False),  # queued, sending, uncertain, sent, parked
    Column("attempts", Integer, nullable=False),
    Column("looks", Integer, nullable=False),  # how often an uncertain one was looked for in the history
    Column("created_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False),  # not before
    Column("attempted_us", BigInteger),
    Column("lease_until_us", BigInteger),
    Column("lease_token", Text),
    Column("conversation", Text),  # the channel id that Slack answered with
    Column("ts", Text),  # Slack's id of the message
    Column("error", Text),
    Column("sent_us", BigInteger),
    Index("ix_outbox_state", "state", "next_us"),
)

runs = Table(
    "runs",
    metadata,
    Column("job", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("slot", Text, primary_key=True),  # a local date, hour or week
    Column("started_us", BigInteger, nullable=False),
)

rejected_records = Table(
    "rejected_records",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),  # never a value
)

# How many there were, whether or not they are still kept.
rejected_counts = Table(
    "rejected_counts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("slot_us", BigInteger, primary_key=True),  # the beginning of a quarter of an hour
    Column("records", BigInteger, nullable=False),
)

# Bearer tokens made here. Their secret part is known to their holder alone.
ingest_tokens = Table(
    "ingest_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("door", Text, nullable=False),
    Column("person_id", BigInteger),  # whom it proves; NULL = a program
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),  # SHA-256 of the secret part
    Column("created_us", BigInteger, nullable=False),
    Column("last_used_us", BigInteger),
    Column("revoked_us", BigInteger),
    Index("ix_ingest_tokens_person_id", "person_id"),
)

# When each secret of the settings was last used, by the beginning of its hash.
secret_uses = Table(
    "secret_uses",
    metadata,
    Column("door", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("last_used_us", BigInteger, nullable=False),
)

# How far pulls have got. ``part`` begins with a UTC day, and so sorts by it.
pulls = Table(
    "pulls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("scope", Text, primary_key=True),  # whose: the address asked, and the account there
    Column("part", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("is_done", Boolean(create_constraint=False), nullable=False),
    Column("reached_us", BigInteger, nullable=False),
)

# Who did what to whom, chained: each row's hash stands on the row before it. Rows are only ever added;
# of a row nothing is ever taken away but its reason, where it names somebody who was erased.
trail = Table(
    "trail",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 …
    Column("at_us", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),  # person:ID, command line, schedule
    Column("action", Text, nullable=False),
    Column("about", Text, nullable=False),  # person:ID, token:ID, board:NAME …; '' = nothing in particular
    Column("facts", Text, nullable=False),  # a JSON object
    Column("reason", Text),  # NULL = none was given, or it was erased
    Column("reason_salt", LargeBinary(16)),
    Column("reason_hash", LargeBinary(32)),  # SHA-256 of salt and reason; NULL = none was given
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_trail_about", "about"),
    Index("ix_trail_actor", "actor"),
)

# The end of the chain: one row, locked by whoever adds to it.
trail_head = Table(
    "trail_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
