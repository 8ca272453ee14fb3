"""The command line: bad input gets one line on stderr and exit status 2."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from matchday.errors import MatchdayError

#: Where runs are kept unless the user says otherwise.
DEFAULT_STORE = "matchday.db"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command ``matchday`` and exit: 0 done, 2 bad input, 130 interrupted."""
    try:
        _run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: Sequence[str] | None) -> None:
    import typer
    from typer.exceptions import Abort, TyperException

    from matchday.cli.app import app

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot draw the bankroll shows question marks
    command = typer.main.get_command(app)
    try:
        status = command.main(args=arguments, prog_name="matchday", standalone_mode=False)
    except TyperException as error:
        _fail(f"{said.rstrip('.')} (matchday --help tells more)." if (said := error.format_message()) else "")
    except MatchdayError as error:
        _fail(str(error))
    except Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> None:
    """Say in one line what was wrong; without a message the help has been shown already."""
    if message:
        print(f"matchday: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(2)
