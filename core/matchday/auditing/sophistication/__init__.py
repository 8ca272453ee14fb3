"""The sophistication audit of a run: a rubric of criteria that its record and its components' traits decide."""

from matchday.auditing.sophistication.auditing import Audit, audit
from matchday.auditing.sophistication.criterion import Assessment, Criterion
from matchday.auditing.sophistication.rubric import RUBRIC

__all__ = ["RUBRIC", "Assessment", "Audit", "Criterion", "audit"]
