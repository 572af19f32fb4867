"""The same three related tables, declared in each of Ferrow's three styles. A program needs only one of these files."""
