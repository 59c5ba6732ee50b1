"""The server of one learner: hand out what is new, then serve it with JupyterLab.

The hub starts it as the learner, in their folder, so nothing of it can touch the files
of another: ``python -m classroom.hub.singleuser``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tools.launcher.commands import ONE_THREAD
from tools.launcher.lessons import PROGRESS, Lessons
from tools.launcher.sentences import ROOT

__all__ = ["main"]

IDLE_SECONDS = 1800  # after which the kernel of a closed notebook ends
OPTIONS = (
    "--LabApp.extension_manager=readonly --KernelManager.transport_encryption=auto"
    " --LanguageServerManager.autodetect=False"  # it would ask npm at each start
    f" --MappingKernelManager.cull_idle_timeout={IDLE_SECONDS}"
    f" --LabApp.app_settings_dir={ROOT / 'settings'}"
)


def main() -> None:
    """Bring the learner's copies up to date, and become their server."""
    folder = Path.home() / "my_lessons"
    try:
        for sentence in Lessons(ROOT / "notebooks", folder).hand_out():
            print(sentence, flush=True)
    except OSError as error:  # what was handed out before is still there
        print(f"The lessons in {folder} could not be renewed: {error}", flush=True)
    os.environ.update(ONE_THREAD, RNNLIB_PROGRESS=str(folder / PROGRESS))
    os.environ.update(JUPYTER_PREFER_ENV_PATH="1", PYTHONUTF8="1")
    os.environ["JUPYTER_CONFIG_PATH"] = str(ROOT / "settings")
    words = ["-m", "jupyterhub.singleuser", *OPTIONS.split(), *sys.argv[1:]]
    words.append(f"--ServerApp.root_dir={folder}")
    os.chdir(folder)
    os.execv(sys.executable, [sys.executable, *words])


if __name__ == "__main__":
    main()
