"""What SQLite remembers of a table only as the text of its CREATE TABLE or CREATE INDEX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ferrow.schema.found import FoundCheck

_TOKEN = re.compile(
    r"""(?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])"""
    r"""|(?P<word>[^\W\d][\w$]*)|(?P<other>\d[\w.]*|.)""",
    re.DOTALL,
)
_TABLE_WORDS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})


class _Token(NamedTuple):
    text: str
    kind: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The keyword it may be."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """The identifier it may be, without its quotes."""
        if self.kind != "quoted":
            return self.text
        closing = self.text[-1]
        return self.text[1:-1].replace(closing * 2, closing)


class TableText(NamedTuple):
    """What the text says of a table: conditions, expressions of computed columns and collations by column, in lower case."""

    checks: list[FoundCheck]
    computed: dict[str, str]
    collations: dict[str, str]
    autoincrement: bool


def table_text(sql: str | None) -> TableText:
    """Read CREATE TABLE; nothing is found in the text of a view or a virtual table."""
    found = TableText([], {}, {}, False)
    if sql is None or not re.match(r"\s*CREATE\s+(TEMP\w*\s+)?TABLE\b", sql, re.IGNORECASE):
        return found
    autoincrement = False
    for piece in _pieces(sql, _tokens(sql)):
        column = None if piece[0].word in _TABLE_WORDS else piece[0].name.lower()
        named = None
        for place, token in enumerate(piece[:-1]):
            following = piece[place + 1]
            if token.word == "CONSTRAINT":
                named = following.name
            elif token.word == "CHECK" and following.text == "(":
                found.checks.append(FoundCheck(_inside(sql, piece, place + 1), named))
                named = None
            elif column is not None and token.word == "AS" and following.text == "(":
                found.computed[column] = _inside(sql, piece, place + 1)
            elif column is not None and token.word == "COLLATE":
                found.collations[column] = following.name
        autoincrement = autoincrement or any(token.word == "AUTOINCREMENT" for token in piece)
    return found._replace(autoincrement=autoincrement)


def index_text(sql: str | None) -> tuple[list[str], str | None]:
    """The keys of CREATE INDEX as written, without ASC and DESC, and its condition."""
    if sql is None:
        return [], None
    tokens = list(_tokens(sql))
    keys = []
    for piece in _pieces(sql, iter(tokens)):
        last = piece[-1].word in ("ASC", "DESC") and len(piece) > 1
        piece = piece[:-1] if last else piece
        whole = piece[0].text == "(" and _closing(piece, 0) == len(piece) - 1
        keys.append(sql[piece[0].end : piece[-1].start].strip() if whole else sql[piece[0].start : piece[-1].end])
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "WHERE":
            return keys, sql[token.end :].strip()
    return keys, None


def _tokens(sql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sql):
        if match.lastgroup != "gap":
            yield _Token(match.group(), match.lastgroup or "other", match.start(), match.end())


def _pieces(sql: str, tokens: Iterator[_Token]) -> list[list[_Token]]:
    """What stands between the commas of the first parentheses."""
    pieces: list[list[_Token]] = []
    piece: list[_Token] = []
    depth = 0
    for token in tokens:
        if token.text == ")":
            depth -= 1
            if depth == 0:
                break
        if depth == 1 and token.text == ",":
            pieces.append(piece)
            piece = []
        elif depth:
            piece.append(token)
        if token.text == "(":
            depth += 1
    pieces.append(piece)
    return [piece for piece in pieces if piece]


def _inside(sql: str, tokens: list[_Token], opening: int) -> str:
    """The text between a parenthesis and the one that closes it."""
    return sql[tokens[opening].end : tokens[_closing(tokens, opening)].start].strip()


def _closing(tokens: list[_Token], opening: int) -> int:
    """Where the parenthesis at `opening` is closed."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place].text == "(") - (tokens[place].text == ")")
        if depth == 0:
            return place
    return len(tokens) - 1
