"""Forecast once, and let many agents use it: a season of a model's forecasts, kept by everything they depend on."""

from matchday.forecastcache.cache import ForecastCache

__all__ = ["ForecastCache"]
