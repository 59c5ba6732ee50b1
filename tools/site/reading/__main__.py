"""Write the reading edition of the course: a page a lesson, and a start page.

python -m tools.site.reading FOLDER [NN ...] [--repository OWNER/NAME]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.site.reading.writing import LAB, write_reading


def main(words: Sequence[str]) -> int:
    """Write the pages that were asked for, or say in one sentence why not."""
    options = parser().parse_args(words)
    try:
        write_reading(options.folder, options.names, options.lab, options.repository)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        words = f"The pages cannot be written: {error}; name another folder."
        print(words, file=sys.stderr)
        return 1
    print(f"Begin with {(options.folder / 'index.html').resolve()}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return what reads the words."""
    about = (__doc__ or "").splitlines()[0]
    made = argparse.ArgumentParser(prog="tools.site.reading", description=about)
    made.add_argument("folder", type=Path, metavar="FOLDER", help="where the pages go")
    made.add_argument(
        "names", nargs="*", metavar="NN", help="as 04, dates or glossary; else all"
    )
    made.add_argument(
        "--lab", default=LAB, help="where a lesson is run, seen from its page"
    )
    made.add_argument("--repository", help="at GitHub, for links to Colab and Binder")
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
