"""What is made of the samples: medians, Markdown tables, the comparison with the targets, JSON."""
