"""Facts, states and changes as values: what everything else speaks of."""
