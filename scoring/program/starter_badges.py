"""The badges that a program has until it names its own. Famous names, with a meaning that is worth having."""

from __future__ import annotations

from scoring.events import Lane
from scoring.program.badges import Badge, BadgeMeasure, Levels, Period

_PROMPT_CACHING = "https://platform.claude.com/docs/en/build-with-claude/prompt-caching"
_CHOOSING_A_MODEL = "https://platform.claude.com/docs/en/about-claude/models/choosing-a-model"
_PROMPTING = "https://www.promptingguide.ai/introduction/tips"
_COST = "https://code.claude.com/docs/en/costs"
_CODE_REVIEW = "https://google.github.io/eng-practices/review/reviewer/"
_SMALL_CHANGES = "https://google.github.io/eng-practices/review/developer/small-cls.html"
_SAFE_USE = "https://genai.owasp.org/llm-top-10/"
_LEARNING = "https://anthropic.skilljar.com/"
_WRITING_DOCS = "https://www.writethedocs.org/guide/"

STARTER_BADGES: tuple[Badge, ...] = (
    Badge(
        name="token_legend",
        title="Token Legend",
        praise="You get the most good, accepted work out of every token.",
        measure=BadgeMeasure.VALUE_FOR_COST,
        min_samples=5,
        levels=Levels(bronze=0.65, silver=0.75, gold=0.85, platinum=0.92, emerald=0.97),
        training=_COST,
    ),
    Badge(
        name="session_immortal",
        title="Session Immortal",
        praise="Week after week of accepted work: steady, not heroic.",
        measure=BadgeMeasure.WEEKS_WITH_WORK,
        period=Period.QUARTER,
        levels=Levels(bronze=6, silver=8, gold=10, platinum=12, emerald=13),
        training=_SMALL_CHANGES,
    ),
    Badge(
        name="cache_wizard",
        title="Cache Wizard",
        praise="You let the cache remember what the model has read already.",
        measure=BadgeMeasure.CACHE_SHARE,
        min_samples=30,
        levels=Levels(bronze=0.3, silver=0.45, gold=0.6, platinum=0.7, emerald=0.8),
        training=_PROMPT_CACHING,
    ),
    Badge(
        name="model_connoisseur",
        title="Model Connoisseur",
        praise="You take the smallest model that does the job well.",
        measure=BadgeMeasure.SMALL_MODEL_SHARE,
        min_samples=30,
        levels=Levels(bronze=0.3, silver=0.4, gold=0.5, platinum=0.6, emerald=0.7),
        training=_CHOOSING_A_MODEL,
    ),
    Badge(
        name="first_try",
        title="First Try",
        praise="Your calls work at the first try: clear prompts, few repeats.",
        measure=BadgeMeasure.FIRST_TRY_SHARE,
        min_samples=50,
        levels=Levels(bronze=0.95, silver=0.97, gold=0.98, platinum=0.99, emerald=0.995),
        training=_PROMPTING,
    ),
    Badge(
        name="safe_hands",
        title="Safe Hands",
        praise="What you hand in holds: no errors, escalations or incidents came back.",
        measure=BadgeMeasure.FAULTLESS_SHARE,
        min_samples=8,
        levels=Levels(bronze=0.9, silver=0.93, gold=0.96, platinum=0.98, emerald=1.0),
        training=_CODE_REVIEW,
    ),
    Badge(
        name="light_touch",
        title="Light Touch",
        praise="Your drafts need little rewriting and meet the mark.",
        measure=BadgeMeasure.QUALITY,
        min_samples=5,
        levels=Levels(bronze=0.75, silver=0.8, gold=0.85, platinum=0.9, emerald=0.95),
        training=_PROMPTING,
    ),
    Badge(
        name="tailwind",
        title="Tailwind",
        praise="From start to done you are faster than you used to be.",
        measure=BadgeMeasure.PACE_GAIN,
        min_samples=5,
        levels=Levels(bronze=1.15, silver=1.3, gold=1.5, platinum=1.75, emerald=2.0),
        training=_SMALL_CHANGES,
    ),
    Badge(
        name="clean_streak",
        title="Clean Streak",
        praise="Week after week of accepted work within the rules.",
        measure=BadgeMeasure.CLEAN_WEEKS,
        period=Period.QUARTER,
        levels=Levels(bronze=4, silver=6, gold=8, platinum=11, emerald=13),
        training=_SAFE_USE,
    ),
    Badge(
        name="first_flight",
        title="First Flight",
        praise="Your first accepted piece of real work with AI, and within the rules.",
        measure=BadgeMeasure.FIRST_PRODUCTION,
        levels=Levels(bronze=1),
        training=_SAFE_USE,
    ),
    Badge(
        name="rising_star",
        title="Rising Star",
        praise="Nobody competes with your past but you, and you won.",
        measure=BadgeMeasure.SCORE_GAIN,
        levels=Levels(bronze=60, silver=100, gold=150, platinum=225, emerald=300),
        training=_PROMPTING,
    ),
    Badge(
        name="teacher",
        title="Teacher",
        praise="You shared what you know, and a colleague found it good.",
        measure=BadgeMeasure.REVIEWED_ASSETS,
        period=Period.QUARTER,
        levels=Levels(bronze=1, silver=2, gold=3, platinum=4, emerald=6),
        training=_WRITING_DOCS,
    ),
    Badge(
        name="open_shelf",
        title="Open Shelf",
        praise="Other teams build on what you shared.",
        measure=BadgeMeasure.REUSERS,
        period=Period.QUARTER,
        levels=Levels(bronze=2, silver=4, gold=8, platinum=14, emerald=22),
        training=_WRITING_DOCS,
    ),
    Badge(
        name="second_pair_of_eyes",
        title="Second Pair of Eyes",
        praise="You made what colleagues share better by looking closely.",
        measure=BadgeMeasure.AUTHORS_REVIEWED,
        period=Period.QUARTER,
        levels=Levels(bronze=1, silver=3, gold=5, platinum=8, emerald=12),
        training=_CODE_REVIEW,
    ),
    Badge(
        name="curious_mind",
        title="Curious Mind",
        praise="You took the time to learn.",
        measure=BadgeMeasure.MODULES_COMPLETED,
        period=Period.QUARTER,
        levels=Levels(bronze=1, silver=2, gold=3, platinum=4, emerald=6),
        training=_LEARNING,
    ),
    Badge(
        name="explorer",
        title="Explorer",
        praise="You tried several models where trying is safe.",
        measure=BadgeMeasure.MODELS_TRIED,
        lane=Lane.EXPLORATION,
        levels=Levels(bronze=2, silver=3, gold=4, platinum=5, emerald=6),
        training=_CHOOSING_A_MODEL,
    ),
    Badge(
        name="safety_first",
        title="Safety First",
        praise="You passed the milestones of safe use.",
        measure=BadgeMeasure.MILESTONES,
        period=Period.QUARTER,
        levels=Levels(bronze=1, silver=2, gold=3),
        training=_SAFE_USE,
    ),
)
