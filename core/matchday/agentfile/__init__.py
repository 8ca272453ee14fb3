"""Agents as TOML: read, their parameters set anew, and built.

============  ========================================================================
``reading``   what an agent's file says, with nothing built yet
``members``   the agents inside an agent, and parameters set by component or by member
``building``  the agent itself
============  ========================================================================
"""

from matchday.agentfile.building import build_agent, build_component, load_agent
from matchday.agentfile.members import Member, has_component, inside, members_of, overlaid
from matchday.agentfile.reading import AgentFile, agent_text, listed_agent, parse_agent, read_agent, spelled_out

__all__ = [
    "AgentFile",
    "Member",
    "agent_text",
    "build_agent",
    "build_component",
    "has_component",
    "inside",
    "listed_agent",
    "load_agent",
    "members_of",
    "overlaid",
    "parse_agent",
    "read_agent",
    "spelled_out",
]
