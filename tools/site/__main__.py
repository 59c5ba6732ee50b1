"""Build or serve the site, as `python3 course.py site --help` says."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.site import building, runtime

BUILT = "The site is in {folder}: begin with its index.html, on any web server."


def main() -> int:
    """Build the site that was asked for; say in one sentence why it cannot be."""
    parser = argparse.ArgumentParser(prog="course.py site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pyodide", type=Path)
    parser.add_argument("--fetch", action="store_true")
    options = parser.parse_args()
    try:
        if options.fetch:
            print(runtime.fetch(options.pyodide))
        building.build(options.folder, options.pyodide)
        print(BUILT.format(folder=options.folder))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
