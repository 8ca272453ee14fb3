"""Sub-commands of ``matchday`` that need plugin code."""
