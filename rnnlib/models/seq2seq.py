"""Sequence to sequence: an encoder reads, a decoder writes."""

from typing import Any

import numpy as np

from rnnlib._checks import (
    check_batch,
    check_kind,
    check_mask,
    check_share,
    check_size,
    check_tokens,
)
from rnnlib._memory import frozen
from rnnlib._nesting import check_own_weights, joined
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, Grads, Rng
from rnnlib.attention import Attention
from rnnlib.batches import END, START, Pairs
from rnnlib.decoding import generate
from rnnlib.layers import Linear
from rnnlib.losses import cross_entropy
from rnnlib.models._hand_over import DecoderState, check_attention, check_hand_over
from rnnlib.models._looking import scores, scores_backward
from rnnlib.models.base import Loss, Model, check_vocabulary, shifted
from rnnlib.recurrent import Layer, check_causal, run
from rnnlib.sampling import greedy
from rnnlib.vocab import Vocabulary

__all__ = ["DecoderState", "Seq2Seq"]


class Seq2Seq(Model):
    """Many in, many out, of another length: many to one, then one to many.

                                  y_1    y_2       END
                                   ^      ^         ^
        h_0 -> h_1 -> ... h_S -> s_1 -> s_2 -> ... s_T
                ^          ^       ^      ^         ^
               x_1        x_S    START   y_1      y_T-1

    The encoder's final state is the decoder's initial state: all that is known of the
    source goes through it. The two have weights of their own and are trained together.
    With attention the decoder also looks at all of the encoder's hidden states:

        context, weights = attention(queries=s, keys=h, values=h)
        s' = tanh([s, context] @ W_sh + b_h)
        y = s' @ W_hy + b_y

    Attention stands after the recurrence (Luong, 2015; without input feeding).

    Parameters
    ----------
    encoder, decoder : Recurrent or Stacked
        Of the same kind and sizes, so that the state fits; input sizes may differ.
    rng : numpy.random.Generator
        Draws the weights of the output.
    attention : Attention, optional
    teacher_forcing : float
        Share of the decoder's inputs that are the true previous token in training. Any
        other is what the model itself says, the most probable token after all that it
        was fed so far, true or its own (scheduled sampling). No gradient goes through
        that choice. Then training needs an `rng`.
    start, end : int
        The tokens that are fed in first, and that close a target.
    vocabulary, source_vocabulary : Vocabulary, optional
        What the decoder's and the encoder's tokens stand for.

    Attributes
    ----------
    params : dict
        encoder.W_hh, decoder.W_hh, output.W_hy, ...; with attention also combine.W_sh
        (2H, H), combine.b_h, and those of the attention.

    Raises
    ------
    ValueError
        If a state does not fit, a layer reads from right to left, or the share is
        outside 0..1.

    References
    ----------
    Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks",
    2014.
    Luong, Pham and Manning, "Effective approaches to attention-based neural machine
    translation", 2015.
    Bengio et al., "Scheduled sampling for sequence prediction", 2015.

    Examples
    --------
    >>> from rnnlib import GRUCell, Recurrent
    >>> from rnnlib.tasks import Reversal
    >>> rng = np.random.default_rng(0)
    >>> encoder, decoder = (Recurrent(GRUCell(9, 8, rng=rng)) for _ in range(2))
    >>> model = Seq2Seq(encoder, decoder, rng=rng)
    >>> model.predict(np.array([[3], [4]]), max_length=6).shape[1]
    1
    """

    def __init__(
        self,
        encoder: Layer,
        decoder: Layer,
        *,
        rng: Rng,
        attention: Attention | None = None,
        teacher_forcing: float = 1.0,
        start: int = START,
        end: int = END,
        vocabulary: Vocabulary | None = None,
        source_vocabulary: Vocabulary | None = None,
    ) -> None:
        check_causal(encoder, "encoder")
        check_causal(decoder, "decoder")
        check_own_weights("encoder and decoder", "layer", (encoder, decoder))
        check_hand_over(encoder, decoder)
        H, V, dtype = decoder.output_size, decoder.input_size, decoder.dtype
        self.parts: dict[str, Any] = {"encoder": encoder, "decoder": decoder}
        if attention is not None:
            check_attention(attention, encoder, decoder)
            both = encoder.output_size + H
            self.parts["attention"] = attention
            self.parts["combine"] = Linear(
                both, H, rng=rng, names=("W_sh", "b_h"), dtype=dtype
            )
        self.parts["output"] = Linear(H, V, rng=rng, dtype=dtype)
        self.teacher_forcing = teacher_forcing
        fix = "START and END are tokens that the decoder reads"
        self.start_token = int(check_tokens("start", start, (), V, fix=fix))
        self.end_token = int(check_tokens("end", end, (), V, fix=fix))
        self.vocabulary = vocabulary
        self.source_vocabulary = source_vocabulary

    @property
    def teacher_forcing(self) -> float:
        """The share of true inputs in training; it may be changed, from 0 to 1."""
        return self._teacher_forcing

    @teacher_forcing.setter
    def teacher_forcing(self, share: float) -> None:
        self._teacher_forcing = check_share("teacher_forcing", share)

    @property
    def needs_rng(self) -> bool:
        """Whether training draws numbers, for dropout or scheduled sampling."""
        return super().needs_rng or self.teacher_forcing < 1

    @property
    def source_vocabulary(self) -> Vocabulary | None:
        """The symbols of the source."""
        return self._source_vocabulary

    @source_vocabulary.setter
    def source_vocabulary(self, vocabulary: Vocabulary | None) -> None:
        self._source_vocabulary = check_vocabulary(
            "source_vocabulary", vocabulary, self.parts["encoder"].input_size
        )

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        return {
            "encoder": self.parts["encoder"],
            "decoder": self.parts["decoder"],
            "attention": self.parts.get("attention"),
            "teacher_forcing": self.teacher_forcing,
            "start": self.start_token,
            "end": self.end_token,
            "vocabulary": self.vocabulary,
            "source_vocabulary": self.source_vocabulary,
        }

    @property
    def vocab_size(self) -> int:
        """V, the number of tokens that the decoder knows."""
        return int(self.parts["decoder"].input_size)

    def forward(
        self,
        source: ArrayLike,
        tokens: ArrayLike,
        state: Any = None,
        source_mask: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        *,
        rng: Rng | None = None,
    ) -> tuple[Array, Any, Any]:
        """Return scores (T, B, V), the decoder's last state, and the cache."""
        read = run(self.parts["encoder"], source, state, source_mask, rng)
        return self._write(tokens, read, source_mask, mask, rng)

    def _write(
        self, tokens: ArrayLike, read: Any, source_mask: Any, mask: Any, rng: Any
    ) -> tuple[Array, Any, Any]:
        """Return what `forward` returns, once the encoder has read."""
        h, hand_over, h_cache = read
        s, final, s_cache = run(self.parts["decoder"], tokens, hand_over, mask, rng)
        y, y_cache = scores(self.parts, s, h, source_mask)
        return y, final, (h, h_cache, s_cache, y_cache)

    @tiny_is_zero
    def backward(self, dy: Array, cache: Any) -> Grads:
        """Return the gradients of the parameters, given that of the scores."""
        h, h_cache, s_cache, y_cache = cache
        ds, dh, grads = scores_backward(self.parts, dy, y_cache, h)
        _, d_hand_over, grads["decoder"] = self.parts["decoder"].backward(ds, s_cache)
        _, _, grads["encoder"] = self.parts["encoder"].backward(
            dh, h_cache, d_hand_over
        )
        return joined({name: grads[name] for name in self.parts})

    def logits(
        self,
        source: ArrayLike,
        tokens: ArrayLike,
        state: Any = None,
        source_mask: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> tuple[Array, Any]:
        """Return the scores of what follows each target token, and the last state.

        Parameters
        ----------
        source : integer tokens (S, B)
            What the encoder reads.
        tokens : integers (T, B)
            What the decoder is fed: START, then each true token one step later, as
            `shifted(target, model.start_token)` gives it.
        state : state of the encoder, optional
            Where it starts.
        source_mask, mask : bool arrays (S, B) and (T, B), optional

        Returns
        -------
        y : array (T, B, V)
        state : state of the decoder's layer
        """
        y, final, _ = self.forward(source, tokens, state, source_mask, mask)
        return y, final

    def loss(
        self,
        batch: Pairs,
        state: Any = None,
        *,
        rng: Rng | None = None,
        gradients: bool = True,
    ) -> Loss:
        """Return the cross-entropy of a batch of pairs, per token that exists."""
        wanted = self.check_training(rng, gradients)
        check_batch(batch, Pairs)
        source, source_mask, target, mask = batch
        read = h, hand_over, _ = run(
            self.parts["encoder"], source, state, source_mask, rng
        )
        begun = self._decoder_state(h, hand_over, source_mask)
        fed = self._fed(target, mask, begun, rng)
        y, final, cache = self._write(fed, read, source_mask, mask, rng)
        value, dy = cross_entropy(y, target, mask)
        return Loss(value, self.backward(dy, cache) if wanted else {}, final)

    def start(
        self, source: ArrayLike, source_mask: ArrayLike | None = None
    ) -> DecoderState:
        """Return the state in which the decoder starts, from tokens (S, B)."""
        h, hand_over, _ = self.parts["encoder"].forward(source, None, source_mask)
        return self._decoder_state(h, hand_over, source_mask)

    def step(self, tokens: Array, state: DecoderState) -> tuple[Array, DecoderState]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        check_kind("state", state, DecoderState, "pass what model.start(source) gives")
        return self._step(np.asarray(tokens), state)

    def _step(
        self, tokens: Array, state: DecoderState, exists: Array | None = None
    ) -> tuple[Array, DecoderState]:
        fed, mask = tokens[None], None if exists is None else exists[None]
        s, recurrent, _ = self.parts["decoder"].forward(fed, state.recurrent, mask)
        y, _ = scores(self.parts, s, state.keys, state.mask)
        return y[0], state._replace(recurrent=recurrent)

    def predict(
        self,
        source: ArrayLike,
        source_mask: ArrayLike | None = None,
        *,
        max_length: int,
    ) -> Array:
        """Return the most probable tokens (T, B), each fed back; END closes them.

        After its END a target holds END.
        """
        check_size("max_length", max_length)
        state = self.start(source, source_mask)
        said: Array = generate(
            self, max_length, state=state, end=self.end_token, choose=greedy
        )
        return said

    def alignment(self, batch: Pairs) -> Array:
        """Return the attention's weights (T, B, S), with the true targets fed in."""
        if "attention" not in self.parts:
            raise ValueError(
                "the model must have an attention to show its weights, got none; "
                "pass attention=DotAttention(scaled=True)"
            )
        check_batch(batch, Pairs)
        source, source_mask, target, mask = batch
        fed = shifted(target, self.start_token)
        _, _, (*_, y_cache) = self.forward(source, fed, None, source_mask, mask)
        weights: Array = y_cache[0].weights
        return weights

    def _decoder_state(self, h: Array, hand_over: Any, mask: Any) -> DecoderState:
        """Return where the decoder starts, with what attention needs."""
        if "attention" not in self.parts:
            return DecoderState(hand_over)
        exists = np.ones(h.shape[:2], bool) if mask is None else np.array(mask)
        return DecoderState(hand_over, h, frozen(exists))

    def _fed(self, target: Array, mask: Any, state: Any, rng: Rng | None) -> Array:
        """Return the decoder's inputs: each the truth, or its own word after the last.

        Its own word is the most probable one after the tokens that it was really fed.
        """
        fed = shifted(target, self.start_token)
        if rng is None or self.teacher_forcing == 1:
            return fed
        exists = (
            np.ones(fed.shape, bool) if mask is None else check_mask(mask, fed.shape)
        )
        own = rng.random(fed.shape) >= self.teacher_forcing
        said = fed[0]
        for t in range(len(fed) - 1):
            if exists[t].any():
                y, state = self._step(fed[t], state, exists[t])
                said = greedy(y)
            fed[t + 1] = np.where(own[t + 1], said, fed[t + 1])
        return fed
