"""The course in a browser tab: what the browser has kept comes back.

It begins to come when `rnncourse` is imported, and is there as soon as Python has
waited once: in the next cell at the latest where the first one says

    import rnncourse
    await rnncourse.ready()

Without that nothing is lost either: what is solved meanwhile is added to it.
"""

import asyncio

from rnncourse.checking import progress_file
from rnncourse.checking.tab_storage import EXAMS, EXERCISES, STORAGE
from rnnlib._files import replacing

__all__ = ["ready", "restore"]


async def restore() -> None:
    """Bring back the states of exercises, and the answers of exams, that were kept."""
    if states := await STORAGE.load(EXERCISES):
        STORAGE.trouble = STORAGE.trouble or progress_file.add(states)
    for name, text in (await STORAGE.load(EXAMS)).items():
        path = progress_file.beside(name)
        if not path.exists():
            with replacing(path) as file:
                file.write(text.encode())


_restored = asyncio.ensure_future(restore()) if STORAGE.is_open else None


async def ready() -> str:
    """Return when all is back that the browser has kept, and all new is kept, too.

    In words it says why something could not be; usually nothing. Outside of a browser
    there is nothing to wait for.
    """
    if _restored is not None:
        await _restored
        await STORAGE.written()
    return STORAGE.trouble
