"""Features of matches: numbers known before kick-off, computed day by day from the past alone."""
