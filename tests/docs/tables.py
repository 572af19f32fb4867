"""The tables of OrmKit's document."""

from __future__ import annotations

import re

from tests.docs.test_ormkit import ALICE, BOB, EVE, NATALIE, REFERENCE

PEOPLE = [ALICE, BOB, EVE, NATALIE]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the document, without its head."""
    text = re.split(rf"^#+ {heading}$", REFERENCE.read_text(), flags=re.MULTILINE)[1]
    lines = [line for line in text.split("\n#")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
