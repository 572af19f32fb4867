"""Units of work: instances that are followed, and what has to be written for them."""
