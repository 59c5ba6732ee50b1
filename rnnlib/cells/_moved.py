"""What was an option of a class, and is a class of its own now."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

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
            given = [option for option in classes if option in options]
            wanted = [option for option in given if options.pop(option)]
            if given and not wanted:
                raise ValueError(
                    f"{type(self).__name__} must be made without {given[0]}, got "
                    f"{given[0]}=False; leave it out"
                )
            if wanted:
                name = "".join(sorted(map(classes.__getitem__, wanted)))
                raise ValueError(
                    f"{type(self).__name__} must be made without {wanted[0]}, got "
                    f"{wanted[0]}=True; it is a class of its own, {name}LSTMCell"
                )
            make(self, *args, **options)

        return cast(Callable[Concatenate[T, P], None], checked)

    return decorate
