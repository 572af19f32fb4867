r"""Where in an SQL text nothing is a word or a placeholder: strings, quoted names, comments. One grammar per database, for `re.VERBOSE`.

Their groups are `text`, `comment` and, on PostgreSQL, where comments nest, `nesting`: it is behind the first `/*`, and
`end_of_comment` says where to go on. Everybody adds what he looks for.
"""

from __future__ import annotations

import re

# What is not closed reaches to the end of the text; the database will say so. A doubled quote is the end of one text and the
# beginning of another, which comes to the same; but what goes on in the next line escapes as its beginning does. PostgreSQL:
# manual, "Lexical Structure", standard_conforming_strings on.
POSTGRESQL = r"""
    (?P<text> [eE]'(?:[^'\\]|\\.|'')*(?:'|\\?\Z)
              (?:(?:[^\S\n\r]|--[^\n\r]*)*+[\n\r](?:\s|--[^\n\r]*[\n\r])*+'(?:[^'\\]|\\.|'')*(?:'|\\?\Z))*
          | '[^']*(?:'|\Z) | "[^"]*(?:"|\Z)
          | \$(?P<tag>(?:[^\W\d]\w*)?)\$ .*? (?:\$(?P=tag)\$|\Z) )
  | (?P<comment> --[^\n\r]* )
  | (?P<nesting> /\* )
"""
SQLITE = r"""
    (?P<text> '[^']*(?:'|\Z) | "[^"]*(?:"|\Z) | `[^`]*(?:`|\Z) | \[[^\]]*(?:\]|\Z) )
  | (?P<comment> --[^\n]* | /\*.*?(?:\*/|\Z) )
"""
# In strings a backslash escapes; names are in double quotes, as the sessions of the wire are ANSI_QUOTES.
MYSQL = r"""
    (?P<text> '(?:[^'\\]|\\.)*(?:'|\\?\Z) | "[^"]*(?:"|\Z) | `[^`]*(?:`|\Z) )
  | (?P<comment> --(?=\s|\Z)[^\n]* | \#[^\n]* | /\*.*?(?:\*/|\Z) )
"""
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
