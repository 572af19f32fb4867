"""Connections of other drivers as wires: DB-API 2.0, and what asyncio has of its kind.

`drivers/` knows each driver; `wire.py` makes a `Wire` of one; `threaded.py` keeps one that blocks out of the event loop.
"""
