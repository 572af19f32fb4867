"""The tables at the end. Nothing of Ferrow in this file."""

from __future__ import annotations

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
        "Rows written, and files read back as instances",
        ["model", "database", "call", "written", "seconds", "read", "seconds"],
        [(*names, one.changes.rows, one.loading, one.files, one.reading) for names, one in outcomes.items()],
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
        [(name, count, _some(who.split(", "))) for name, count, who in answers.needed],
    )
    table("Files per type", ["type", "files", "size"], [(t, n, megabytes(size)) for t, n, size in answers.types])
    console.print(f"{answers.big:,} files have a megabyte or more.")


def _some(names: list[str]) -> str:
    """As many as fit on a line."""
    shown = [name for number, name in enumerate(names) if len(", ".join(names[: number + 1])) < 40]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
