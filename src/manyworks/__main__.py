"""`python -m manyworks` is the command `manyworks`."""

from manyworks.cli.main import main

if __name__ == "__main__":
    main()
