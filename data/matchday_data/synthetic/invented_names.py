"""Names of clubs and players who do not exist."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CLUB_NAMES: tuple[str, ...] = (
    "Ashcombe", "Barrowgate", "Brackenford", "Calderby", "Castlemere", "Dunmoor", "Eastwold", "Fenbridge",
    "Garrowby", "Harrowfield", "Holmewick", "Ivelhampton", "Kestrel Park", "Langthorpe", "Marlborne", "Northam Vale",
    "Oakhaven", "Port Selwyn", "Queensferry Rd", "Ravensholt", "St Aldhelm", "Thornbury Utd", "Ullesmere",
    "Wexcombe", "Yarrowdale", "Alnbeck", "Birkenshaw", "Cranleigh Utd", "Drayford", "Elmsworth", "Foxdale",
    "Greyminster", "Hexworth", "Inglesham", "Kirkholme", "Lindale", "Millbrook", "Netherby", "Orrisdale",
    "Penwarden", "Rushmere", "Stanwick", "Tidewell", "Upton Cross", "Wolverley", "Aldermoor", "Beaconsea",
    "Coldharbour",
)  # fmt: skip

GIVEN_NAMES: tuple[str, ...] = (
    "Aaron", "Ben", "Carlos", "Dele", "Emil", "Felix", "Gareth", "Hugo", "Ivan", "Jamal", "Kofi", "Liam", "Mateo",
    "Nils", "Omar", "Pedro", "Quentin", "Rafael", "Sami", "Tomas", "Umar", "Viktor", "Will", "Xavi", "Yannick",
    "Zoran", "Adama", "Bruno", "Callum", "Diego", "Elias", "Finn", "Giorgi", "Harvey", "Ilya", "Jonas", "Kai",
)  # fmt: skip

SURNAME_HEADS: tuple[str, ...] = (
    "Al", "Bran", "Cor", "Dal", "Ed", "Fer", "Gran", "Hal", "Is", "Jan", "Kel", "Lor", "Mar", "Nor", "Os", "Per",
    "Quar", "Ros", "Sel", "Tor", "Ul", "Ver", "Wen", "Yar", "Zel", "Ban", "Cald", "Dor", "Ell", "Fal", "Gil",
)  # fmt: skip

SURNAME_TAILS: tuple[str, ...] = (
    "anda", "berg", "combe", "dale", "ensen", "ford", "gard", "hurst", "ici", "kov", "lund", "mann", "nez", "oba",
    "quist", "reira", "sson", "thorpe", "ula", "vale", "wick", "yama", "zetti", "ard", "bury", "den", "eaux",
    "holm", "ington",
)  # fmt: skip

#: How many players can be told apart by name.
DISTINCT_PLAYERS = len(GIVEN_NAMES) * len(SURNAME_HEADS) * len(SURNAME_TAILS)

#: Coprime to ``DISTINCT_PLAYERS``, so that every player gets a name of his own and neighbours sound unlike.
_STRIDE = 12_007


def player_names(players: npt.NDArray[np.int64]) -> list[str]:
    """Name players by their numbers; no two of the first ``DISTINCT_PLAYERS`` share a name.

    >>> import numpy as np
    >>> player_names(np.array([0, 1, 2]))
    ['Aaron Alanda', 'Tomas Lorford', 'Ben Wenmann']
    """
    mixed = (np.asarray(players) * _STRIDE) % DISTINCT_PLAYERS
    rest, given = np.divmod(mixed, len(GIVEN_NAMES))
    head, tail = np.divmod(rest, len(SURNAME_TAILS))
    return [
        f"{GIVEN_NAMES[g]} {SURNAME_HEADS[h]}{SURNAME_TAILS[t]}"
        for g, h, t in zip(given.tolist(), head.tolist(), tail.tolist(), strict=True)
    ]
