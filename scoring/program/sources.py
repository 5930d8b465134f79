"""What producers that know nothing of programs tell."""

from __future__ import annotations

from scoring.program.section import Patterns, Section


class GitHubSource(Section):
    """Which pull requests and issues are outcomes, of which kind ("" = of none), in which repositories."""

    repositories: Patterns = ("*",)
    pull_request_merged: str = "pull_request_merged"
    issue_completed: str = "ticket_resolved"
    review_approved: str = ""


class TicketSource(Section):
    """Which tickets are outcomes, of which kind ("" = of none); ``projects`` by their keys."""

    projects: Patterns = ("*",)
    completed: str = "ticket_resolved"


class Sources(Section):
    """What producers that know nothing of programs tell."""

    github: GitHubSource = GitHubSource()
    jira: TicketSource = TicketSource()
    linear: TicketSource = TicketSource()
