"""What one types after `course.py class`."""

import sys
from collections.abc import Sequence
from importlib import import_module

# Each module has `main(words)`, which returns an exit code; its first line is its help.
COMMANDS: dict[str, str] = {
    "release": "classroom.grading.release",
    "grade": "classroom.grading.grade",
    "edition": "classroom.grading.edition",
    "report": "classroom.report.command",
    "quizzes": "classroom.quizzes.command",
    "print": "classroom.pages.command",
    "hub": "classroom.hub",
}


def main(words: Sequence[str]) -> int:
    """Do what was typed, or list what can be typed."""
    name, rest = (words[0], words[1:]) if words else ("", [])
    if name in COMMANDS:
        return int(import_module(COMMANDS[name]).main(rest))
    print("course.py class COMMAND; COMMAND --help tells more of one.\n")
    for name, module in COMMANDS.items():
        about = (import_module(module).__doc__ or "").splitlines()[0]
        print(f"  {name:8}  {about}")
    return 0 if not words or words[0] in ("-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
