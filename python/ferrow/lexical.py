r"""Where in an SQL text nothing is a word or a placeholder: strings, quoted names, comments. One grammar per reading, for `re.VERBOSE`.

Their groups are `text`, `comment` and, on PostgreSQL, where comments nest, `nesting`: it is behind the first `/*`, and
`end_of_comment` says where to go on. Everybody adds what he looks for.
"""

from __future__ import annotations

import re

# What is not closed reaches to the end of the text; the database will say so. A doubled quote is the end of one text and the
# beginning of another, which comes to the same; but what goes on in the next line escapes as its beginning does. PostgreSQL:
# manual, "Lexical Structure".
_ESCAPED = r"""'(?:[^'\\]|\\.|'')*(?:'|\\?\Z)
              (?:(?:[^\S\n\r]|--[^\n\r]*)*+[\n\r](?:\s|--[^\n\r]*[\n\r])*+'(?:[^'\\]|\\.|'')*(?:'|\\?\Z))*"""
_PLAIN = r"'[^']*(?:'|\Z)"
_POSTGRESQL = r"""
    (?P<text> [eE]{escaped}
          | {strings} | "[^"]*(?:"|\Z)
          | \$(?P<tag>(?:[^\W\d]\w*)?)\$ .*? (?:\$(?P=tag)\$|\Z) )
  | (?P<comment> --[^\n\r]* )
  | (?P<nesting> /\* )
"""
POSTGRESQL = _POSTGRESQL.replace("{escaped}", _ESCAPED).replace("{strings}", _PLAIN)
# Bits are no strings.
_POSTGRESQL_ESCAPING = _POSTGRESQL.replace("{escaped}", _ESCAPED).replace(
    "{strings}", rf"(?<!\w)[bBxX]{_PLAIN} | {_ESCAPED}"
)
_SQLITE = r"""
    (?P<text> '[^']*(?:'|\Z) | "[^"]*(?:"|\Z) | `[^`]*(?:`|\Z) | \[[^\]]*(?:\]|\Z) )
  | (?P<comment> --[^\n]* | /\*.*?(?:\*/|\Z) )
"""
_MYSQL = r"""
    (?P<text> {strings} | {quoted} | `[^`]*(?:`|\Z) )
  | (?P<comment> --(?=\s|\Z)[^\n]* | \#[^\n]* | /\*.*?(?:\*/|\Z) )
"""
_BACKSLASHED = r"'(?:[^'\\]|\\.)*(?:'|\\?\Z)"
_QUOTED = r'"[^"]*(?:"|\Z)'

ESCAPING = "postgresql escaping"
"""How a session of PostgreSQL reads SQL that has standard_conforming_strings off: a backslash escapes in plain strings too."""
PLAIN = "mysql plain"
"""One of MySQL with NO_BACKSLASH_ESCAPES: it escapes nowhere."""
TEXTS = "mysql texts"
"""One of MySQL without ANSI_QUOTES: strings are in double quotes, too. Without either name, what our own sessions are set to."""
GRAMMARS = {
    "postgresql": POSTGRESQL,
    ESCAPING: _POSTGRESQL_ESCAPING,
    "sqlite": _SQLITE,
    "mysql": _MYSQL.replace("{strings}", _BACKSLASHED).replace("{quoted}", _QUOTED),
    PLAIN: _MYSQL.replace("{strings}", _PLAIN).replace("{quoted}", _QUOTED),
    TEXTS: _MYSQL.replace("{strings}", _BACKSLASHED).replace("{quoted}", _BACKSLASHED.replace("'", '"')),
}
"""By the name of the database, or of what a session of it says of itself that reads otherwise."""


def reported(standard_conforming_strings: str | None) -> str:
    """The reading of a session of PostgreSQL, by what the server has last said of it."""
    return ESCAPING if standard_conforming_strings == "off" else "postgresql"


def database(reading: str) -> str:
    """Whose reading that is."""
    return reading.partition(" ")[0]


_COMMENT_ENDS = r"/\*|\*/"


def end_of_comment(sql: str, position: int) -> int:
    """Where a comment of PostgreSQL ends, in which others may nest. `position` is behind its first `/*`."""
    ends = re.compile(_COMMENT_ENDS)
    depth = 1
    while depth:
        found = ends.search(sql, position)
        if found is None:
            return len(sql)
        depth += 1 if found[0] == "/*" else -1
        position = found.end()
    return position
