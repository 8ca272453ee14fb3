"""The built-in strategy components, one idea a file."""
