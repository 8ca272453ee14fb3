"""Watches: components that say each morning whether the forecasts are still to be trusted."""
