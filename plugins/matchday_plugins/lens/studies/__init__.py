"""Studies through the polytope lens: what a network's regions have to do with what its inputs mean.

Each takes a fitted model and rows as the model takes them, puts an untrained network of the same shape beside it, and
answers a ``Study``: a tidy frame and a figure. Black, S. et al. (2022). Interpreting neural networks through the
polytope lens. arXiv:2211.12312.
"""

from __future__ import annotations

from matchday_plugins.lens.studies.boundaries import semantic_boundaries
from matchday_plugins.lens.studies.directions import direction_validity
from matchday_plugins.lens.studies.maps import region_map
from matchday_plugins.lens.studies.peak import decision_peak
from matchday_plugins.lens.studies.study import Study
from matchday_plugins.lens.studies.twin import untrained

__all__ = ["Study", "decision_peak", "direction_validity", "region_map", "semantic_boundaries", "untrained"]
