"""What `examples/quickstart.py` needs besides Ferrow: reading packages, comparing them, showing tables, finding databases."""
