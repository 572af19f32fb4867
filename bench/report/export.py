"""Every sample as JSON, for those who want to look closer or compare two runs."""

from __future__ import annotations

import json

from bench.case import Group
from bench.report.measured import Measured


def to_json(about: dict[str, str], found: dict[Group, list[Measured]]) -> str:
    """Times are seconds per operation, in the order in which they were measured."""
    groups = {
        group.name: {
            "title": group.title,
            "ops": group.ops,
            "cases": {
                one.case.name: {
                    "kind": one.case.kind,
                    "trouble": one.trouble,
                    "wall": one.wall,
                    "cpu": one.cpu,
                    "others": one.others,
                }
                for one in cases
            },
        }
        for group, cases in found.items()
    }
    return json.dumps({"about": about, "groups": groups}, indent=1)
