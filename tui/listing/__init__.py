"""The user's view of a library: a query, its results, the cursor, the selection, the way back."""
