"""Betting on value in the season as a Gymnasium environment: ``python examples/gym_value.py``.

It needs Gymnasium: ``pip install 'matchday[gymnasium]'``. The policy bets a tenth of Kelly's share where the model of
Dixon and Coles expects a profit of 5 % or more. It knows the observation and nothing else of the project.
"""

import gymnasium
import numpy as np

env = gymnasium.make("matchday.gym:Season-v0", models="dixon-coles", season="2023-24")


def policy(observation):
    """Answer the shares of the bankroll to bet: a row a match, a column a selection."""
    odds, p = observation["odds"], observation["probabilities"][0]
    kelly = (p * odds - 1) / np.maximum(odds - 1, 0.01)
    return np.where(p * odds >= 1.05, 0.1 * kelly, 0.0).astype(np.float32)


observation, info = env.reset(seed=0)
bets, over = 0, False
while not over:
    observation, _, over, _, info = env.step(policy(observation))
    bets += info["bets"] - info["forced"]
print(f"{info['season']}: {bets} bets, bankroll {info['bankroll']:.2f}, log growth {info['log_growth']:+.3f}")
