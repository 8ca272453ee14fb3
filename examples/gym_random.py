"""A policy that bets at random, in the season as a Gymnasium environment: ``python examples/gym_random.py``.

It needs Gymnasium: ``pip install 'matchday[gymnasium]'``. What it shows is the loop that every policy goes through.
"""

import gymnasium

env = gymnasium.make("matchday.gym:Season-v0", rules={"bet_limit": 0.005})
env.action_space.seed(1)

for seed in range(3):
    observation, info = env.reset(seed=seed)  # the seed makes the league
    total, over = 0.0, False
    while not over:
        wanted = env.action_space.sample()  # of each selection, a share of the bankroll; the rules cut it down
        observation, reward, over, _, info = env.step(wanted)
        total += reward
    print(f"league {seed}: {info['matchday']} matchdays, bankroll {info['bankroll']:.2f}, log growth {total:+.3f}")
