"""local-slack is there or a line says why not; its page knows the whole company."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.faults import Fault
from bot.sandbox.company.calendar import ZONE
from bot.sandbox.company.people import AI_OPS_LEAD, colleague, colleagues, slack_id
from bot.sandbox.company.workspace import workspace
from bot.sandbox.local_slack import LocalSlackMissing, free_port, install_local_slack


def test_without_npm_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalSlackMissing, match=r"^(npm is not installed here|there is no local-slack for .+)$"):
        install_local_slack(tmp_path / "cache")


def test_a_port_in_use_is_refused_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Fault, match="choose another with --port"):
            free_port(taken.getsockname()[1])


def test_without_a_wish_some_port_is_found() -> None:
    assert 1024 < free_port(None) < 65536


def test_everybody_of_the_company_is_in_slack_and_in_the_digests_channel() -> None:
    slack = workspace()
    assert {member.id for member in slack.members} == {slack_id(person) for person in colleagues()}
    assert set(slack.channels[0].members) == {member.id for member in slack.members}


def test_everybodys_clock_in_slack_is_the_companys_so_that_bands_reach_them_in_the_morning() -> None:
    assert {member.tz for member in workspace().members} == {ZONE.key}


def test_whoever_acts_first_is_one_of_those_who_play() -> None:
    assert colleague(workspace().members[0].email).cohort == "pilot"


def test_the_ai_ops_channel_is_for_those_who_run_the_program() -> None:
    ai_ops = next(channel for channel in workspace().channels if channel.name == "ai-ops")
    assert slack_id(colleague(AI_OPS_LEAD)) in ai_ops.members
    assert len(ai_ops.members) == 2
