"""The same as the `shopdesk` command: `python -m scripts`."""

from scripts.cli import main

if __name__ == "__main__":
    main()
