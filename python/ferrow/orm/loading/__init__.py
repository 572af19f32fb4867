"""Loading relations together with the objects that have them."""
