"""The course in a browser tab: what the browser has kept is brought back.

Importing `rnncourse` asks for it but cannot wait for it: the browser hands it over when
Python next waits. So the cell after the import waits, for `PATIENCE` seconds at most.
`await ready()` waits in any other program. Nothing is lost without it: what is solved
meanwhile is added to what comes back.
"""

import asyncio
from typing import Any

from IPython import get_ipython

from rnncourse.checking import progress_file
from rnncourse.checking.tab_storage import EXAMS, EXERCISES, STORAGE
from rnnlib._files import replacing

__all__ = ["let_next_cell_wait", "ready", "restore"]

PATIENCE = 10.0
_restoring: set[asyncio.Task[None]] = set()


async def restore() -> None:
    """Bring back the states of exercises, and the answers of exams, that were kept."""
    if states := await STORAGE.load(EXERCISES):
        trouble = progress_file.add(states)
        STORAGE.trouble = STORAGE.trouble or trouble
    for name, text in (await STORAGE.load(EXAMS)).items():
        path = progress_file.beside(name)
        if not path.exists():
            with replacing(path) as file:
                file.write(text.encode())


async def ready() -> str:
    """Return once the browser has brought back all it kept, and kept all that is new.

    The words returned say what went wrong; usually there are none. Outside of a browser
    there is nothing to wait for.
    """
    if _restoring:
        await asyncio.wait(_restoring, timeout=PATIENCE)
    await STORAGE.written(PATIENCE)
    return STORAGE.trouble


def let_next_cell_wait(shell: Any) -> None:
    """Let the shell run the next cell when all is back, and all others at once."""
    run = shell.run_cell_async

    async def wait_and_run(*args: Any, **options: Any) -> Any:
        del shell.run_cell_async, shell.should_run_async
        await ready()
        return await run(*args, **options)

    shell.run_cell_async = wait_and_run
    shell.should_run_async = lambda *_, **__: True


if STORAGE.is_open:
    _restoring.add(asyncio.get_running_loop().create_task(restore()))
    if shell := get_ipython():
        let_next_cell_wait(shell)
