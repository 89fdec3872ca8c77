"""What a user looks at: a query, its results, the cursor, the selection, the way back."""
