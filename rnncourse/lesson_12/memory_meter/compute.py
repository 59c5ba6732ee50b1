"""How many bytes a memory takes, and how much a token costs, as a text goes on."""

from dataclasses import dataclass

from rnncourse.shared.wording import number

__all__ = ["BYTES", "KINDS", "MOST", "MemoryMeter", "compute", "multiplications"]

KINDS = ("LSTM", "minGRU", "matrix", "attention")
BYTES = 4  # of a number, float32
MOST = 1_000_000
UNITS = ("bytes", "kB", "MB", "GB")


@dataclass(frozen=True)
class MemoryMeter:
    """Four layers of one width, after some tokens.

    Attributes
    ----------
    tokens, width : int
    """

    tokens: int
    width: int

    @property
    def sizes(self) -> dict[str, int]:
        """How many bytes each kind carries on to the next token."""
        return {kind: BYTES * numbers(kind, *self.place) for kind in KINDS}

    @property
    def costs(self) -> dict[str, int]:
        """How many multiplications the next token takes, for each kind."""
        return {kind: multiplications(kind, *self.place) for kind in KINDS}

    @property
    def place(self) -> tuple[int, int]:
        """Tokens and width."""
        return self.tokens, self.width

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        sizes, costs = self.sizes, self.costs
        table, matrix, state = (
            in_bytes(sizes[kind]) for kind in ("attention", "matrix", "minGRU")
        )
        room = sizes["attention"] / sizes["matrix"]
        work = costs["attention"] / costs["matrix"]
        tokens = "1 token" if self.tokens == 1 else f"{self.tokens:,} tokens"
        return (
            f"After {tokens} the table of attention has {table}, {number(room)} times "
            f"the matrix ({matrix}); the minGRU has {state}. The next token takes "
            f"{number(work)} times the multiplications of the matrix."
        )


def compute(*, tokens: float, width: int) -> MemoryMeter:
    """Count what four layers of one width carry, and what the next token costs them.

    All read and give vectors of that width. The LSTM carries h and c, the minGRU h,
    fast weights with the delta rule a matrix of width times width, and attention a key
    and a value for each token so far. Counted are numbers of 4 bytes, and the
    multiplications between numbers; exponentials and sums are left out.
    """
    return MemoryMeter(round(tokens), width)


def numbers(kind: str, tokens: int, width: int) -> int:
    """Return how many numbers a layer of a kind carries after `tokens` tokens."""
    return {
        "LSTM": 2 * width,
        "minGRU": width,
        "matrix": width**2,
        "attention": 2 * tokens * width,
    }[kind]


def multiplications(kind: str, tokens: int, width: int) -> int:
    """Return how many multiplications the last of `tokens` tokens takes.

    LSTM: x and h into four blocks, three products entry by entry. minGRU: x into two
    blocks, two products. Matrix: x into key, value and query, and one rate; ask for the
    old value, weigh the error, write the outer product, read. Attention: x into key,
    value and query; a score for each token, and a share of each value.
    """
    return {
        "LSTM": 8 * width**2 + 3 * width,
        "minGRU": 2 * width**2 + 2 * width,
        "matrix": 6 * width**2 + 2 * width,
        "attention": 3 * width**2 + 2 * tokens * width,
    }[kind]


def in_bytes(count: float) -> str:
    """Return a number of bytes with two digits and a unit.

    >>> in_bytes(64), in_bytes(262_144), in_bytes(2.1e9)
    ('64 bytes', '260 kB', '2.1 GB')
    """
    power = 0
    while count >= 1000 and power < len(UNITS) - 1:
        count, power = count / 1000, power + 1
    return f"{number(count)} {UNITS[power]}"
