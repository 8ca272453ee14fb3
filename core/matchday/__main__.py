"""``python -m matchday``: the same as the command ``matchday``."""

from matchday.cli import main

if __name__ == "__main__":
    main()
