"""Red: a serious policy violation that nobody has settled."""

from __future__ import annotations

from scoring.bands.band import Band, Reason, Rule
from scoring.bands.work import Work
from scoring.events import Policy
from scoring.window import from_us


def violation_reasons(work: Work) -> tuple[Reason, ...]:
    """A reason for each open violation of high severity."""
    return tuple(_reason(one.fact, one.time_us) for one in work.violations if isinstance(one.fact, Policy))


def _reason(policy: Policy, time_us: int) -> Reason:
    return Reason(
        rule=Rule.POLICY_VIOLATION,
        band=Band.RED,
        text=f'A serious violation of "{policy.name}" from {from_us(time_us):%-d %B} is open; none may be.',
        clears=f'It clears when AI ops or a milestone named "{policy.name}" settles it.',
        advice="Talk with AI ops about what happened; they settle it with you.",
        value=1.0,
        limit=0.0,
        unit="violations",
        events=1,
        about=policy.name,
    )
