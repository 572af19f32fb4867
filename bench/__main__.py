"""The command line: which groups, how often, and where the figures go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

import bench.cases  # noqa: F401  # fills the list
from bench import databases
from bench.case import CASES, GROUPS, Case, Group
from bench.cores import Apart
from bench.harness import measure
from bench.report import environment, export, table, targets
from bench.report.measured import Measured


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    chosen = _chosen(options.group)
    if options.list:
        for group, cases in chosen.items():
            print(f"{group.name}  {group.title}")
            print("".join(f"    {case.kind:12}{case.name}\n" for case in cases))
        return 0
    if not chosen:
        print(f"no group is called {', '.join(options.group)}; there are: {', '.join(GROUPS)}", file=sys.stderr)
        return 0
    rounds = options.rounds or (5 if options.quick else 21)
    found: dict[Group, list[Measured]] = {}
    apart = Apart() if options.apart else None
    with ExitStack() as stack:
        about = environment.describe(rounds)
        if apart is not None:
            about["cores"] = str(apart)
        with apart.starting_servers() if apart is not None else nullcontext():
            missing = _open_databases(stack, chosen, about, socket=options.socket, timezone=options.timezone)
        print(environment.render(about), flush=True)
        for group, cases in chosen.items():
            if group.database not in missing:
                patience = 0.2 if options.quick else options.patience
                cores = apart.client if apart is not None and group.has_server else None
                found[group] = measure(cases, rounds, patience, cores)
                print(table.render(group, found[group]), flush=True)
    print(targets.render(found))
    if options.json:
        options.json.write_text(export.to_json(about, found))
    return 0  # figures are judged by people


def _open_databases(
    stack: ExitStack, chosen: Iterable[Group], about: dict[str, str], *, socket: bool, timezone: str
) -> set[str]:
    """Fill the databases that are needed; those that are not to be had are named and their groups skipped."""
    missing = set()
    for name, label, opened in (
        ("pg", "PostgreSQL server", partial(databases.postgres, socket=socket, timezone=timezone)),
        ("sqlite", "SQLite of the peers", databases.sqlite),
        ("mariadb", "MariaDB server", databases.mariadb),
    ):
        if any(group.database == name for group in chosen):
            try:
                about[label] = stack.enter_context(opened())
            except Exception as error:
                about[label] = f"skipped: {error}"
                missing.add(name)
    return missing


def _chosen(patterns: list[str]) -> dict[Group, list[Case]]:
    return {
        group: [case for case in CASES.values() if case.group is group]
        for name, group in GROUPS.items()
        if not patterns or any(fnmatch(name, pattern) for pattern in patterns)
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare Ferrow with other libraries.")
    parser.add_argument("--rounds", type=int, metavar="N", help="measurements of each case (default 21)")
    parser.add_argument(
        "--group", action="append", default=[], metavar="G", help="only this group; may be a pattern such as 'pg-*'"
    )
    parser.add_argument("--quick", action="store_true", help="5 rounds, and hardly any waiting for a quiet machine")
    parser.add_argument(
        "--socket", action="store_true", help="reach the embedded PostgreSQL over a unix socket, not TCP"
    )
    parser.add_argument(
        "--timezone",
        default=databases.TIMEZONE,
        metavar="ZONE",
        help="TimeZone of the embedded PostgreSQL (default %(default)s, as Debian's packages and Docker's image have it; psycopg "
        "converts no times where it is spelled UTC)",
    )
    parser.add_argument(
        "--apart",
        action="store_true",
        help="one core for the measured process, the others for the servers started here",
    )
    parser.add_argument("--list", action="store_true", help="show groups and cases, measure nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    parser.add_argument(
        "--patience", type=float, default=1.0, metavar="SECONDS", help="wait so long for a quiet machine (default 1)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
