"""What is peculiar to each driver."""
