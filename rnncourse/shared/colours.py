"""The colours that words and pictures share.

Green and orange are from a palette that everybody can tell apart (Okabe and Ito, 2008).
"""

__all__ = ["GREEN", "GREY", "ORANGE", "translucent"]

GREEN, ORANGE, GREY = "#009E73", "#D55E00", "#6b6b6b"


def translucent(colour: str, share: float) -> str:
    """Return a colour as CSS writes it, of which only `share` covers what is behind.

    >>> translucent("#D55E00", 0.5)
    'rgba(213, 94, 0, 0.50)'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share:.2f})"
