"""What a GitHub webhook tells: who got which pull request merged or issue done, who approved, what was taken back.

Only what is counted has a field here: texts, commits and diffs never become values, and titles and descriptions are looked
at for the marks of a revert alone. Ids are made of the fact, not of the delivery, so that a delivery that is sent again, or
fetched later, is the same event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from bot.hooks.answers import Refusal
from bot.hooks.decoding import Fault, decoded
from bot.hooks.facts import Moment
from scoring.events import Contribution, Event, Outcome
from scoring.program import GitHubSource
from scoring.window import to_us

SOURCE = "github"

# GitHub's own revert has a branch "revert-12-…", a title 'Revert "…"' and a description "Reverts owner/name#12". People
# change some of that, and others happen upon one of it; two of the three are a revert.
_REVERTS = re.compile(rb"Reverts ([\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,9})\b")
_REVERT_BRANCH = re.compile(r"revert-(\d{1,9})-.")
_REVERT_TITLE = rb'"Revert \"'
_REVERT_COMMIT = b"This reverts commit "


class _User(msgspec.Struct):
    login: str


class _Branch(msgspec.Struct):
    ref: str | None = None


class _Repository(msgspec.Struct):
    full_name: str | None = None


class _PullRequest(msgspec.Struct):
    number: int
    user: _User | None = None  # None = the account is gone
    created_at: Moment | None = None
    merged_at: Moment | None = None
    head: _Branch | None = None
    title: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    body: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


class _Issue(msgspec.Struct):
    number: int
    created_at: Moment | None = None
    updated_at: Moment | None = None
    closed_at: Moment | None = None
    state_reason: str | None = None
    assignee: _User | None = None
    assignees: list[_User] | None = None

    @property
    def holder(self) -> _User | None:
        """Whose issue it is, by the field that GitHub has long called deprecated or by the one in its place."""
        return self.assignee or next(iter(self.assignees or ()), None)


class _Review(msgspec.Struct):
    id: int
    state: str | None = None
    submitted_at: Moment | None = None  # None = not handed in yet
    user: _User | None = None


class _Head(msgspec.Struct):
    action: str | None = None
    repository: _Repository | None = None


class _Merge(msgspec.Struct):
    pull_request: _PullRequest


class _Approval(msgspec.Struct):
    pull_request: _PullRequest
    review: _Review


class _Ticket(msgspec.Struct):
    issue: _Issue
    sender: _User | None = None


_head = msgspec.json.Decoder(_Head)
_merge = msgspec.json.Decoder(_Merge)
_approval = msgspec.json.Decoder(_Approval)
_ticket = msgspec.json.Decoder(_Ticket)


def events_of_delivery(name: str, body: bytes, rules: GitHubSource) -> Sequence[Event]:
    """The events of the webhook ``name`` (``X-GitHub-Event``); none for what is not counted.

    Raises ``Refusal`` (400) where ``body`` is no object, ``Fault`` where one that counts lacks what is needed.
    """
    try:
        head = decoded(_head, body, "", "body")
    except Fault as fault:
        raise Refusal(400, str(fault)) from fault
    repository = (head.repository and head.repository.full_name) or ""
    if not any(fnmatchcase(repository, pattern) for pattern in rules.repositories):
        return ()
    match name, head.action:
        case "pull_request", "closed":
            return _merged(decoded(_merge, body, "", "body").pull_request, repository, rules)
        case "pull_request_review", "submitted":
            return _approved(decoded(_approval, body, "", "body"), repository, rules)
        case "issues", "closed":
            return _completed(decoded(_ticket, body, "", "body"), repository, rules)
        case "issues", "reopened":
            return _reopened(decoded(_ticket, body, "", "body").issue, repository, rules)
    return ()


def _merged(pull: _PullRequest, repository: str, rules: GitHubSource) -> Sequence[Event]:
    if pull.merged_at is None or not rules.pull_request_merged:
        return ()
    task, reverted = f"{repository}#{pull.number}", _reverted(pull, repository)
    if reverted == "":
        return ()
    outcome = Outcome(
        kind=rules.pull_request_merged,
        task=task,
        started_us=None if pull.created_at is None else to_us(pull.created_at),
        is_accepted=True,
        reverses=_merge_id(reverted) if reverted else None,
    )
    return (Event(SOURCE, _merge_id(task), _login(pull.user), to_us(pull.merged_at), outcome),)


def _reverted(pull: _PullRequest, repository: str) -> str | None:
    """Which pull request this one reverts; "" where only a commit is named, None where it is no revert."""
    body, is_titled = bytes(pull.body), bytes(pull.title).startswith(_REVERT_TITLE)
    branch, described = _REVERT_BRANCH.match((pull.head and pull.head.ref) or ""), _REVERTS.search(body)
    if described and (branch or is_titled):
        named = (described[1] or b"").decode() or repository
        return f"{named}#{int(described[2])}"
    if branch and is_titled:
        return f"{repository}#{int(branch[1])}"
    return "" if is_titled and _REVERT_COMMIT in body else None


def _merge_id(task: str) -> str:
    return f"{task}/merged"


def _approved(told: _Approval, repository: str, rules: GitHubSource) -> Sequence[Event]:
    """A review by a colleague; where the program says so, also the author's outcome."""
    pull, review = told.pull_request, told.review
    author, reviewer = _login(pull.user), _login(review.user)
    if (review.state or "").lower() != "approved" or author == reviewer:
        return ()
    if review.submitted_at is None:
        raise Fault("review.submitted_at", "missing")
    task, at_us = f"{repository}#{pull.number}", to_us(review.submitted_at)
    events = [Event(SOURCE, f"{task}/reviewed/{review.id}", reviewer, at_us, Contribution("reviewed", asset=task))]
    if rules.review_approved:
        outcome = Outcome(kind=rules.review_approved, task=task, is_accepted=True)
        events.append(Event(SOURCE, f"{task}/approved/{review.id}", author, at_us, outcome))
    return events


def _completed(told: _Ticket, repository: str, rules: GitHubSource) -> Sequence[Event]:
    issue = told.issue
    if not rules.issue_completed or issue.state_reason not in ("completed", None):
        return ()
    if issue.closed_at is None:
        raise Fault("issue.closed_at", "missing")
    at_us = to_us(issue.closed_at)
    outcome = Outcome(
        kind=rules.issue_completed,
        task=f"{repository}#{issue.number}",
        started_us=None if issue.created_at is None else to_us(issue.created_at),
        is_accepted=True,
    )
    who = _login(issue.holder or told.sender)
    return (Event(SOURCE, f"{outcome.task}/completed/{at_us}", who, at_us, outcome),)


def _reopened(issue: _Issue, repository: str, rules: GitHubSource) -> Sequence[Event]:
    """What had been done was not, unless it is done again; nobody is blamed where nobody was assigned."""
    if not rules.issue_completed or issue.holder is None:
        return ()
    if issue.updated_at is None:
        raise Fault("issue.updated_at", "missing")
    at_us = to_us(issue.updated_at)
    task = f"{repository}#{issue.number}"
    outcome = Outcome(kind=rules.issue_completed, task=task, is_accepted=False, errors=1)
    return (Event(SOURCE, f"{task}/reopened/{at_us}", _login(issue.holder), at_us, outcome),)


def _login(user: _User | None) -> str:
    return "" if user is None else user.login
