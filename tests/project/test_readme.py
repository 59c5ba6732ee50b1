"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lines_of_library_code_learn_the_sentence() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert run.stdout.endswith(
        "would a woodchuck chuck if a woodchuck could chuck wood? \n"
    )


def test_every_file_and_folder_that_it_names_is_there() -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README)
    places = re.findall(r"`((?:rnnlib|rnncourse|notebooks|tests)/[\w/.]*)`", README)
    assert [name for name in [*links, *places] if not (ROOT / name).exists()] == []
