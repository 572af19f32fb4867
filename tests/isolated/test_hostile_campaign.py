"""Each message of each kind of conversation wrong in each way: a typed error or the right answer, and never a hang.

A test tries some of a scene's cases (`make campaign`: all), and names those that went wrong.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.effort import EFFORT
from tests.support.hostility import campaign, heart
from tests.support.hostility.campaign import Case
from tests.support.hostility.mutations import Mutation
from tests.support.hostility.opponent import Opponent, opponent
from tests.support.hostility.scenes import ASYNC, BOTH

SCENES = [(scene, "trust") for scene in ASYNC] + [("login", "scram")]
GROWTH = 64 * 2**20  # bytes


@pytest.fixture(scope="module")
def server() -> Iterator[Opponent]:
    with opponent() as found:
        yield found
        assert not found.rest(), "the password was said in clear text"


def chosen(server: Opponent, scene: str, user: str, part: int, of: int) -> list[Case]:
    """One case of `of`, or all of them in a campaign."""
    every = campaign.cases(server, scene, user)
    assert len(every) > 500
    if EFFORT > 1:
        return every
    return every[(zlib.crc32(scene.encode()) + part) % of :: of]


@pytest.mark.parametrize(("scene", "user"), SCENES)
def test_on_an_event_loop(server: Opponent, scene: str, user: str) -> None:
    some = chosen(server, scene, user, 0, 6)
    before = heart.resident()
    assert not asyncio.run(campaign.on_a_loop(server, some, ASYNC[scene]))
    assert heart.resident() - before < GROWTH


@pytest.mark.parametrize(("scene", "user"), [(scene, user) for scene, user in SCENES if scene in BOTH])
def test_in_threads(server: Opponent, scene: str, user: str) -> None:
    some = chosen(server, scene, user, 3, 6)
    before = heart.resident()
    assert not campaign.in_threads(server, some, BOTH[scene])
    assert heart.resident() - before < GROWTH


@pytest.mark.parametrize(("scene", "user"), SCENES)
def test_on_uvloop(server: Opponent, scene: str, user: str) -> None:
    uvloop = pytest.importorskip("uvloop")
    some = chosen(server, scene, user, 1, 24)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert not runner.run(campaign.on_a_loop(server, some, ASYNC[scene]))


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_the_judge_sees_what_is_wrong(server: Opponent, colour: str) -> None:
    """Servers that do give another answer, which no client can tell: the campaign would."""
    row = next(case for case in campaign.cases(server, "query") if case.kind == b"D")
    lie = replace(row, mutation=Mutation("another value", ("body:6:10:00000007",)))
    again = next(case for case in campaign.cases(server, "again") if case.kind == b"D" and case.at > row.at)
    late = replace(again, mutation=lie.mutation)
    unproven = replace(campaign.cases(server, "login", "scram")[0], mutation=Mutation("right", ("right",)))
    for case in (lie, late, unproven):
        scene = BOTH[case.scene]
        if colour == "async":
            wrong = asyncio.run(campaign.on_a_loop(server, [case], scene))
        else:
            wrong = campaign.in_threads(server, [case], scene)
        assert len(wrong) == 1
        assert str(case) in wrong[0]
