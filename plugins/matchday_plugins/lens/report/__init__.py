"""The lens on an agent's own network after a season, as sections of the report.

===============  ==========================================================================================
``models``       which of an agent's models are neural
``specimen``     the network that is looked at, and the season's matches as it was fed them
``regions``      which matches one affine rule treats, and the rules
``boundaries``   where the boundaries lie
``findings``     all of that together, with the studies
``charts``       what is drawn of it
``tables``       what is tabulated
``sections``     the report's sections
``figures``      the same for programs
===============  ==========================================================================================
"""

from __future__ import annotations

from matchday_plugins.lens.report.findings import Findings, look
from matchday_plugins.lens.report.models import choose_model, read_player
from matchday_plugins.lens.report.sections import sections
from matchday_plugins.lens.report.specimen import Specimen, check, specimen

__all__ = ["Findings", "Specimen", "check", "choose_model", "look", "read_player", "sections", "specimen"]
