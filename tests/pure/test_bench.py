"""The benchmark harness, without measuring anything."""

from __future__ import annotations

import pytest

from bench.__main__ import main
from bench.case import CASES, GROUPS, Case, Group
from bench.cores import Apart
from bench.report import table, targets
from bench.report.measured import Measured

GROUP = Group("pg-toy", "Toys", ops=10, unit="toy")


def measured(name: str, kind: str, *walls: float) -> Measured:
    one = Measured(Case(GROUP, name, kind, list, None))  # type: ignore[arg-type]
    for wall in walls:
        one.add(wall, wall / 2, 0.1)
    return one


def test_every_group_has_ours_a_peer_and_a_floor() -> None:
    import bench.cases  # noqa: F401

    for group in GROUPS.values():
        kinds = {case.kind for case in CASES.values() if case.group is group}
        assert kinds & {"ferrow", "ferrow-orm"}, group.name
        assert kinds & {"driver", "orm"}, group.name
        assert "floor" in kinds, group.name


def test_list_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--group", "pg-point-*"]) == 0
    shown = capsys.readouterr().out
    assert "pg-point-sync" in shown
    assert "asyncpg prepared statement" in shown
    assert "sqlite" not in shown


def test_unknown_group_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--group", "pg-pint"]) == 0
    assert "no group is called pg-pint" in capsys.readouterr().err


def test_table_has_medians_and_ratios() -> None:
    ours = measured("ours", "ferrow", 2e-5, 1e-5, 3e-5)
    peer = measured("theirs", "driver", 4e-5)
    floor = measured("least", "floor", 1e-5)
    missing = measured("absent", "orm")
    missing.trouble = "skipped: No module named 'absent'"
    lines = table.render(GROUP, [peer, missing, ours, floor]).splitlines()
    assert lines[0] == "## Toys (pg-toy)"
    assert [line.split(" | ")[0] for line in lines[4:8]] == ["| least", "| **ours**", "| theirs", "| absent"]
    assert lines[5].endswith("| 2 µs | 1 µs to 3 µs | 1 µs | 0.50 | 2.00 |")
    assert "skipped: No module named 'absent'" in lines[7]


def test_overhead_is_a_difference() -> None:
    group = Group("pg-query-sync", "Toys", ops=1, unit="query")
    ours, driver = (Measured(Case(group, kind, kind, list, None)) for kind in ("ferrow-orm", "driver"))  # type: ignore[arg-type]
    ours.add(1, 15e-6, None)
    driver.add(1, 9e-6, None)
    shown = targets.render({group: [ours, driver]}).splitlines()[-1]
    assert shown == "| pg-query-sync | ferrow-orm | driver | 6.0 µs of CPU more | 8 µs | yes |"


def test_targets_say_what_was_reached() -> None:
    ours = measured("ours", "ferrow", 1.3e-5)
    found = {GROUP: [ours, measured("driver", "driver", 1e-5), measured("orm", "orm", 6.5e-5)]}
    lines = targets.render(found).splitlines()
    assert lines[-2:] == [
        "| pg-toy | ours | driver | 1.30 | 1.20 | **no** |",
        "| pg-toy | ours | orm | 0.20 | 0.25 | yes |",
    ]


def test_cores_apart_are_all_cores_there_are() -> None:
    import os

    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        pytest.skip("one core has nothing to be apart from")
    apart = Apart()
    assert len(apart.client) == 1
    with apart.starting_servers():
        assert os.sched_getaffinity(0) == apart.servers == cores - apart.client
    assert os.sched_getaffinity(0) == cores
    assert str(min(cores)) in str(apart)


def test_only_groups_with_a_server_have_somebody_to_be_apart_from() -> None:
    assert GROUP.has_server
    assert not Group("sqlite-toy", "Toys", ops=1, unit="toy").has_server
    assert not Group("any-toy", "Toys", ops=1, unit="toy").has_server
