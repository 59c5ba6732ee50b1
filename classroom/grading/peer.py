"""Two processes that call each other's functions, and are told what comes of it."""

import builtins
from collections.abc import Callable
from typing import Any

from classroom.grading.codec import Codec
from classroom.grading.wire import Frame, WireError

__all__ = ["Lent", "Peer", "RemoteError", "error_named"]

Send = Callable[[Any, list[bytes]], None]


class RemoteError(Exception):
    """What was raised on the other side; its kind has the name it has there."""


def error_named(kind: str, said: str) -> Exception:
    """Return an exception of a kind known by name, which says what it said there.

    >>> error_named("KeyError", "'W'"), str(error_named("KeyError", "'W'"))
    (KeyError(), "'W'")
    """
    kind = kind if kind.isidentifier() else "Exception"
    base: Any = getattr(builtins, kind, None)
    usual = isinstance(base, type) and issubclass(base, Exception)
    if not usual or issubclass(base, UnicodeError | ExceptionGroup):
        base = RemoteError
    made: Exception = type(kind, (base,), {"__str__": lambda self: said})()
    return made


class Lent:
    """Stands for an object of the other side: what is public can be read and called."""

    def __init__(self, peer: "Peer", name: str) -> None:
        self._peer, self._name = peer, name

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call it there."""
        return self._peer.use(self._name, "", args, options)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        is_method, value = self._peer.look(self._name, attribute)
        if not is_method:
            return value
        return lambda *args, **options: self._peer.use(
            self._name, attribute, args, options
        )


class Peer:
    """One end: sends requests, and serves those that come while it waits.

    Parameters
    ----------
    send : function
        `send(message, blobs)`.
    receive : function
        Returns the next message that came, and its blobs.
    make_codec : function
        `make_codec(self)`.
    serve : function
        `serve(request, values)` answers what is neither a use nor a look.
    """

    def __init__(
        self,
        send: Send,
        receive: Callable[[], Frame],
        make_codec: Callable[["Peer"], Codec],
        serve: Callable[[str, Any], Any],
    ) -> None:
        self._send, self._receive, self._serve = send, receive, serve
        self.codec = make_codec(self)

    def ask(self, what: str, values: Any) -> Any:
        """Return the other side's answer to a request."""
        self._tell(what, values)
        while True:
            said, came = self._next()
            if said == "reply":
                return came
            if said == "raise":
                raise error_named(str(came[0])[:80], str(came[1])[:2000])
            self._answer(said, came)

    def serve_all(self) -> None:
        """Answer requests until the other side ends."""
        while True:
            self._answer(*self._next())

    def use(self, name: str, attribute: str, args: Any, options: Any) -> Any:
        """Call an object of the other side, or a method of it."""
        return self.ask("use", [name, attribute, list(args), options])

    def look(self, name: str, attribute: str) -> Any:
        """Return whether an attribute there is to be called, and else its value."""
        return self.ask("look", [name, attribute])

    def _next(self) -> tuple[str, Any]:
        message, blobs = self._receive()
        try:
            said, encoded = message
            return str(said), self.codec.decode(encoded, blobs)
        except Exception as error:
            raise WireError(f"what came cannot be read: {error}") from error

    def _tell(self, what: str, values: Any) -> None:
        encoded, blobs = self.codec.encode(values)
        self._send([what, encoded], blobs)

    def _answer(self, said: str, values: Any) -> None:
        try:
            if said == "use":
                result = self._used(*values)
            elif said == "look":
                result = self._looked_at(*values)
            else:
                result = self._serve(said, values)
            self._tell("reply", result)
        except Exception as error:
            self._tell("raise", [type(error).__name__, _words(error)])

    def _part(self, name: str, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        thing = self.codec.known[name]
        return getattr(thing, attribute) if attribute else thing

    def _used(self, name: str, attribute: str, args: Any, options: Any) -> Any:
        return self._part(name, attribute)(*args, **options)

    def _looked_at(self, name: str, attribute: str) -> list[Any]:
        value = self._part(name, attribute)
        return [True, None] if callable(value) else [False, value]


def _words(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:
        return "its message cannot be read"
