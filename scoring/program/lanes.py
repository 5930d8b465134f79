"""Which lane usage belongs to."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import model_validator

from scoring.events import Lane
from scoring.program.section import Section


class LaneRule(Section):
    """Usage that fits every pattern given (``*`` stands for anything) belongs to ``lane``."""

    lane: Lane
    source: str | None = None
    subject: str | None = None
    model: str | None = None
    use_case: str | None = None
    tag: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> LaneRule:
        if not (self.source or self.subject or self.model or self.use_case or self.tag):
            raise ValueError("a lane rule needs a pattern: source, subject, model, use_case or tag")
        return self

    def fits(self, *, source: str, subject: str, model: str, use_case: str | None, tags: tuple[str, ...]) -> bool:
        return (
            (self.source is None or fnmatchcase(source, self.source))
            and (self.subject is None or fnmatchcase(subject, self.subject))
            and (self.model is None or fnmatchcase(model, self.model))
            and (self.use_case is None or (use_case is not None and fnmatchcase(use_case, self.use_case)))
            and (self.tag is None or any(fnmatchcase(tag, self.tag) for tag in tags))
        )


class Lanes(Section):
    """Which lane a call belongs to when its producer does not say: the first rule that fits, else ``default``."""

    default: Lane = Lane.PRODUCTION
    rules: tuple[LaneRule, ...] = ()

    def lane_of(self, *, source: str, subject: str, model: str, use_case: str | None, tags: tuple[str, ...]) -> Lane:
        for rule in self.rules:
            if rule.fits(source=source, subject=subject, model=model, use_case=use_case, tags=tags):
                return rule.lane
        return self.default
