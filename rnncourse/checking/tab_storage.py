"""The storage of the browser, where the course runs in a browser tab.

The files of a Python in a tab are gone when the page is loaded anew. A database of the
browser (IndexedDB) stays. Every page has one, whatever its address is and with or
without a service worker, and a kernel in a worker reaches it. It holds shelves of
texts by their keys. What is put there is written when Python next waits; what several
tabs put there is all kept, since each key is written by itself.

Outside of a browser nothing is kept here, and nothing is missing: files stay.
"""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from typing import Protocol

from rnncourse.checking.reports import PASSED
from rnncourse.shared.tab import IN_TAB

__all__ = ["EXAMS", "EXERCISES", "STORAGE", "Database", "TabStorage"]

EXERCISES, EXAMS = SHELVES = "exercises", "exams"
NOT_KEPT = (
    "This browser keeps nothing of your progress ({error}): take it with you, with "
    "carry_progress(), before you close the page."
)
OPEN = """(name, shelves, final) => {
  const result = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let opened;
  const open = () => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () =>
      shelves.forEach(shelf => request.result.createObjectStore(shelf));
    return result(request);
  };
  const shelf = async (name, mode) => {
    const database = await (opened ??= open());
    return database.transaction(name, mode).objectStore(name);
  };
  return {
    async load(name) {
      const place = await shelf(name, 'readonly');
      const [keys, texts] = [result(place.getAllKeys()), result(place.getAll())];
      return JSON.stringify([await keys, await texts]);
    },
    async keep(name, pairs) {
      const place = await shelf(name, 'readwrite');
      const written = new Promise((resolve, reject) => {
        place.transaction.oncomplete = resolve;
        place.transaction.onabort = () => reject(place.transaction.error);
      });
      for (const [key, text] of JSON.parse(pairs))
        if (await result(place.get(key)) !== final) place.put(text, key);
      await written;
    },
  };
}"""


class Database(Protocol):
    """A database of the browser; texts go in and out as JSON."""

    def load(self, shelf: str, /) -> Awaitable[str]:
        """Return two lists: the keys of a shelf, and the texts by them."""

    def keep(self, shelf: str, pairs: str, /) -> Awaitable[None]:
        """Put pairs of key and text into a shelf; PASSED stays where it is."""


class TabStorage:
    """Texts by their keys on the shelves of a database, or nothing without one.

    Parameters
    ----------
    database : Database, optional

    Attributes
    ----------
    trouble : str
        In words, why something could not be kept or loaded; usually nothing.
    """

    def __init__(self, database: Database | None) -> None:
        self._database, self.trouble = database, ""
        self._writing: set[asyncio.Task[None]] = set()

    def keep(self, shelf: str, pairs: Mapping[str, str]) -> str:
        """Begin to keep pairs; return in words what has gone wrong until now."""
        if self._database is not None:
            text = json.dumps([*pairs.items()])
            task = asyncio.get_running_loop().create_task(self._keep(shelf, text))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return self.trouble

    @property
    def is_open(self) -> bool:
        """Whether there is a database."""
        return self._database is not None

    async def _keep(self, shelf: str, pairs: str) -> None:
        assert self._database is not None
        try:
            await self._database.keep(shelf, pairs)
            self.trouble = ""
        except Exception as error:
            self.trouble = NOT_KEPT.format(error=error)

    async def load(self, shelf: str) -> dict[str, str]:
        """Return the pairs of a shelf."""
        if self._database is None:
            return {}
        try:
            keys, texts = json.loads(await self._database.load(shelf))
        except Exception as error:
            self.trouble = NOT_KEPT.format(error=error)
            return {}
        return dict(zip(keys, texts, strict=True))

    async def written(self, patience: float) -> None:
        """Return when nothing is being written any more, or after so many seconds."""
        if self._writing:
            await asyncio.wait({*self._writing}, timeout=patience)


def _of_this_browser() -> Database | None:
    """Return the database of the browser in which this Python runs, if it does."""
    if not IN_TAB:
        return None
    from pyodide.code import run_js
    from pyodide.ffi import to_js

    opened: Database = run_js(OPEN)("rnncourse", to_js(SHELVES), PASSED)
    return opened


STORAGE = TabStorage(_of_this_browser())
