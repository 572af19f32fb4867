"""Models for the tests of the functions."""
