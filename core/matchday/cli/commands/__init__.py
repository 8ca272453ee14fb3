"""The commands and their options, a file each; what they do is imported when they run."""
