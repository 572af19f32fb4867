"""Expressions and what they are worth in each row of a table of things: the moments, lists and windows among them."""
