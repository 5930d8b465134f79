"""Components on an absolute scale: each further one counts less, and nobody is compared with anybody."""

from __future__ import annotations

from scoring.standings import Component


def diminishing(count: float, half: float) -> float:
    """From 0 to 1: ``half`` make half of all there is to get, twice as many three quarters, and so on."""
    return 1 - float(0.5 ** (count / half))


def credit(
    name: str, value: float, unit: str, *, share: float, samples: int, max_points: float, text: str
) -> Component:
    """A component whose ``share`` (0 to 1) of ``max_points`` is earned, whatever others do."""
    return Component(
        name=name,
        value=value,
        unit=unit,
        samples=samples,
        typical=None,
        placement=share,
        points=round(max_points * share, 3),
        max_points=max_points,
        text=text,
    )
