"""What a release is made of: `python -m release PYTHON...` in tools/ builds a wheel for each, and the source distribution, into dist/,
and tries them as their users will."""
