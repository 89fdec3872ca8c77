"""Papers, states and changes as values."""
