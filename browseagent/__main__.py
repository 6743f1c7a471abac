"""``python -m browseagent``: the command line."""

from browseagent.cli import main

if __name__ == "__main__":
    main()
