"""Dataclasses that check their values: `ValidatedModel`."""
