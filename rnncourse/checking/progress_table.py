"""The table of what is done, as text and as HTML."""

from collections.abc import Mapping
from typing import Any

from rnncourse.checking.reports import COLOURS, MARKS, NOT_TRIED, PASSED

__all__ = ["Progress"]

BAR = 20


class Progress:
    """How far the learner has come.

    Parameters
    ----------
    items : mapping
        Exercises, questions and cards by id, as `rnncourse.catalogue` returns them.
    states : mapping
        The state of those that were tried.
    """

    def __init__(self, items: Mapping[str, Any], states: Mapping[str, str]) -> None:
        self.rows = [
            (id, item.title, states.get(id, NOT_TRIED)) for id, item in items.items()
        ]

    @property
    def solved(self) -> int:
        """How many are right."""
        return sum(state == PASSED for *_, state in self.rows)

    def __repr__(self) -> str:
        full = round(BAR * self.solved / max(len(self.rows), 1))
        bar = "█" * full + "·" * (BAR - full)
        lines = [f"{MARKS[state]} {id} · {title}" for id, title, state in self.rows]
        return "\n".join([f"{bar} {self._count()}", *lines])

    def _repr_html_(self) -> str:
        share = 100 * self.solved / max(len(self.rows), 1)
        cells = "".join(
            f'<div><b style="color: {COLOURS[state]}">{MARKS[state]}</b> '
            f'<span title="{state}">{id} · {title}</span></div>'
            for id, title, state in self.rows
        )
        return (
            '<div style="color: var(--jp-content-font-color1); max-width: 830px">'
            '<div style="border: 1px solid var(--jp-border-color2, #bbb)">'
            f'<div style="height: 10px; width: {share:.0f}%; '
            f'background: {COLOURS[PASSED]}"></div></div>'
            f"<div>{self._count()}</div>"
            f'<div style="columns: 2; line-height: 22px">{cells}</div></div>'
        )

    def _count(self) -> str:
        return f"{self.solved} of {len(self.rows)} are right"
