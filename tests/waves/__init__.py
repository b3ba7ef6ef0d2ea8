"""What is done with a wave."""
