"""A season as a task of Inspect, by inspect-openreward: ``python inspect_season.py FOLDER`` keeps its log there.

``play_with_harness.py inspect`` runs it; OPENREWARD_SESSION_URL says where the season is served, SCRIPTED_BASE_URL
where the model is. Put a model of Inspect's in the place of ``openai-api/scripted/model`` to let that one play.
"""

import sys

from inspect_ai import Task, eval
from inspect_openreward import openreward_dataset, openreward_scorer, openreward_solver
from openreward import OpenReward

seasons = OpenReward().environments.get("local/matchday", variant="matchday-final")
task = Task(
    name="season",
    dataset=openreward_dataset(seasons, split="train"),
    solver=openreward_solver(seasons),
    scorer=openreward_scorer(),
)
(log,) = eval(task, model="openai-api/scripted/model", log_dir=sys.argv[1], display="plain")
for sample in log.samples or []:
    print(f"{log.status}, {len(sample.messages)} messages, {sample.scores}")
sys.exit(log.status != "success")
