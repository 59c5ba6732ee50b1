"""What was an option of a class, and is a class of its own now."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

__all__ = ["moved_to_class"]

P = ParamSpec("P")
T = TypeVar("T")


def moved_to_class(
    **classes: str,
) -> Callable[[Callable[Concatenate[T, P], None]], Callable[Concatenate[T, P], None]]:
    """Let an `__init__` answer a former option with the name of the class to use.

    Raises
    ------
    ValueError
        When the option is given, as in `LSTMCell(3, 4, rng=rng, peephole=True)`.
    """

    def decorate(
        make: Callable[Concatenate[T, P], None],
    ) -> Callable[Concatenate[T, P], None]:
        @wraps(make)
        def checked(self: T, *args: P.args, **options: P.kwargs) -> None:
            for option in classes.keys() & options.keys():
                raise ValueError(
                    f"{type(self).__name__} must be made without {option}, got "
                    f"{option}={options[option]!r}; it is a class of its own, "
                    f"{classes[option]}"
                )
            make(self, *args, **options)

        return checked

    return decorate
