"""The tables at the end. Nothing of Ferrow in this file."""

from __future__ import annotations

from textwrap import shorten

from installed.compare import Changes
from installed.outcome import Answers, Outcome
from installed.show import console, megabytes, table


def show(outcomes: dict[tuple[str, str, str], Outcome]) -> None:
    """`outcomes` by model style, database and call style. Raises AssertionError if they do not give the same answers."""
    first, *others = outcomes.values()
    _history(first.changes)
    _combinations(outcomes)
    if any(other.answers != first.answers for other in others):
        raise AssertionError("the combinations do not agree about the same data")
    _answers(first.answers)
    console.print(f"All {len(outcomes)} combinations gave these same answers.")


def _history(changes: Changes) -> None:
    """Whether there was something to start from, and what has happened since."""
    stored = changes.kept + len(changes.changed) + len(changes.gone)
    console.print()
    if not stored:
        console.print("This was the first run here: everything is new. Run it again, and it starts from these data.\n")
        return
    since = (
        f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.gone)} gone"
        if changes.new or changes.changed or changes.gone
        else "nothing has changed, so nothing was written"
    )
    console.print(f"This run started from the {stored} distributions that an earlier one stored.")
    console.print(f"Since then: {since}.\n")


def _combinations(outcomes: dict[tuple[str, str, str], Outcome]) -> None:
    table(
        "Every combination",
        ["model", "database", "call", "kept", "new", "changed", "gone", "rows written", "in s", "files read", "in s"],
        [
            [
                *(*names, one.changes.kept, len(one.changes.new), len(one.changes.changed), len(one.changes.gone)),
                *(one.changes.rows, one.loading, one.files, one.reading),
            ]
            for names, one in outcomes.items()
        ],
    )


def _answers(answers: Answers) -> None:
    table(
        "Largest distributions",
        ["name", "version", "files", "size"],
        [(name, version, files, megabytes(size)) for name, version, files, size in answers.largest],
    )
    table(
        "Needed by most",
        ["name", "by", "namely"],
        [(name, count, shorten(who, 70, placeholder=" ...")) for name, count, who in answers.needed],
    )
    table("Files per type", ["type", "files", "size"], [(t, n, megabytes(size)) for t, n, size in answers.types])
    console.print(f"{answers.big:,} files have a megabyte or more.")
