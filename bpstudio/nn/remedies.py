"""REMEDIES against vanishing and exploding gradients, and a twin run that shows what each does.

A remedy turns a specification into another one that differs in that remedy alone; seed and data
stay. Its note says what it cures and, as honestly, what it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bpstudio.language import N_, tr
from bpstudio.nn.faults import TrainingError
from bpstudio.nn.flow import LayerFlow
from bpstudio.nn.initializers import INITIALIZERS
from bpstudio.nn.pretraining import EPOCHS, pretrain
from bpstudio.nn.search import Fault
from bpstudio.nn.spec import Choice, LayerWeights, Spec
from bpstudio.nn.trainer import Trainer

VANISHING, EXPLODING = "vanishing", "exploding"
RELUS = ("relu", "leaky_relu", "elu", "gelu")

Until = Callable[[], bool] | None
Prepare = Callable[[Spec, Mapping[str, float], Until], tuple[LayerWeights, ...] | None]


@dataclass(frozen=True, slots=True)
class Remedy:
    """`rewrite(spec, parameters)` answers the specification with the remedy in it;
    `prepare(spec, parameters, until)`, where there is one, the weights to start from.
    `refusal(spec)` says why the remedy cannot be applied, or "". `given(spec)`: it is there.
    """

    key: str
    title: str
    note: str
    cures: tuple[str, ...]
    rewrite: Callable[[Spec, Mapping[str, float]], Spec]
    given: Callable[[Spec], bool]
    refusal: Callable[[Spec], str]
    parameters: Mapping[str, float]
    prepare: Prepare | None = None


def _same(spec: Spec, given: Mapping[str, float]) -> Spec:
    return spec


def _pretrain(
    spec: Spec, given: Mapping[str, float], until: Until
) -> tuple[LayerWeights, ...] | None:
    return pretrain(spec, int(given["epochs"]), given["learning_rate"], until)


def _clip(spec: Spec, given: Mapping[str, float]) -> Spec:
    return replace(spec, clip_norm=given["norm"])


def _penalise(spec: Spec, given: Mapping[str, float]) -> Spec:
    return replace(spec, l2=given["l2"])


def _relu(spec: Spec, given: Mapping[str, float]) -> Spec:
    # Weights drawn for sigmoid stay: the remedy is the function; the right scale is another one.
    return replace(spec, network=replace(spec.network, activation="relu"))


def _normalise(spec: Spec, given: Mapping[str, float]) -> Spec:
    return replace(spec, network=replace(spec.network, batch_norm=True))


def _add_inputs(spec: Spec, given: Mapping[str, float]) -> Spec:
    return replace(spec, network=replace(spec.network, residual=True))


def right_initializer(activation: str) -> str:
    """He for the relu family, Xavier for the rest."""
    return "he" if activation in RELUS else "xavier"


def _scale(spec: Spec, given: Mapping[str, float]) -> Spec:
    return replace(spec, initializer=Choice(right_initializer(spec.network.activation)))


def _always(spec: Spec) -> str:
    return ""


def _needs_hidden(spec: Spec) -> str:
    if len(spec.network.sizes) > 2:
        return ""
    return tr("the network has no hidden layer")


def _drawn_only(spec: Spec) -> str:
    if spec.weights is None:
        return ""
    return tr("the weights are given, not drawn")


def _hidden_and_drawn(spec: Spec) -> str:
    return _needs_hidden(spec) or _drawn_only(spec)


def _needs_equal_widths(spec: Spec) -> str:
    network = replace(spec.network, residual=True)
    if any(network.adds_input(layer) for layer in range(1, len(network.sizes) - 1)):
        return ""
    return tr("no hidden layer has as many inputs as units")


REMEDIES: Mapping[str, Remedy] = {
    entry.key: entry
    for entry in (
        Remedy(
            "pretraining",
            N_("Layer-wise pre-training"),
            N_(
                "Each hidden layer first learns to copy what it is given, from the first to the "
                "last (Hinton 2006); then all learn together. Training starts where every layer "
                "already tells its inputs apart. Its weights have grown by then, so that gradients "
                "shrink less from layer to layer, but through sigmoid they still do. It takes time "
                "of its own, before the first epoch that is counted."
            ),
            (VANISHING,),
            _same,
            lambda spec: False,
            _hidden_and_drawn,
            MappingProxyType({"epochs": float(EPOCHS), "learning_rate": 0.01}),
            _pretrain,
        ),
        Remedy(
            "clipping",
            N_("Gradient clipping"),
            N_(
                "A gradient longer than the limit is shortened to it before the update, all layers "
                "by the same factor. No step is too long any more, so numbers do not run away to "
                "inf or NaN. It does not mend a bad scale: what exploded on the way keeps its "
                "direction only."
            ),
            (EXPLODING,),
            _clip,
            lambda spec: spec.clip_norm is not None,
            _always,
            MappingProxyType({"norm": 1.0}),
        ),
        Remedy(
            "penalty",
            N_("Weight penalty (L2)"),
            N_(
                "Each update pulls every weight a little towards 0, so that weights, and with them "
                "the gradients that pass through them, cannot keep growing; those that began too "
                "large shrink. It takes many updates: what explodes in the first steps still does. "
                "Too strong a penalty makes gradients vanish."
            ),
            (EXPLODING,),
            _penalise,
            lambda spec: spec.l2 > 0,
            _always,
            MappingProxyType({"l2": 0.01}),
        ),
        Remedy(
            "relu",
            N_("ReLU in place of sigmoid or tanh"),
            N_(
                "The slope of ReLU is 1 wherever a unit is on, so that a gradient passes without "
                "shrinking; sigmoid's is 0.25 at best. Units that are off for every sample learn "
                "nothing and may stay dead; leaky ReLU and ELU keep a little slope there. The "
                "weights still need the right scale: He's."
            ),
            (VANISHING,),
            _relu,
            lambda spec: spec.network.activation in RELUS,
            _needs_hidden,
            MappingProxyType({}),
        ),
        Remedy(
            "batch_norm",
            N_("Batch normalization"),
            N_(
                "Each unit's sums are brought to mean 0 and spread 1 over the batch before the "
                "activation, then scaled and shifted by two numbers that are learnt. The scale of "
                "the weights no longer matters, forward or backward. At the start the first "
                "layers' gradients of a deep ReLU net can grow large; and batches must not be tiny."
            ),
            (VANISHING, EXPLODING),
            _normalise,
            lambda spec: spec.network.batch_norm,
            _needs_hidden,
            MappingProxyType({}),
        ),
        Remedy(
            "residual",
            N_("Residual connections"),
            N_(
                "A layer adds its input to its activation, so that a gradient passes beside the "
                "layer undiminished. Without normalization the sums grow from layer to layer: a "
                "deep ReLU net with He's weights explodes; put batch normalization beside it."
            ),
            (VANISHING,),
            _add_inputs,
            lambda spec: spec.network.residual is not False,
            _needs_equal_widths,
            MappingProxyType({}),
        ),
        Remedy(
            "initialization",
            N_("Initial weights of the right scale"),
            N_(
                "Gaussian weights whose spread suits the width of the layer: Xavier's for sigmoid "
                "and tanh, He's for ReLU. Activations and gradients then keep their size from "
                "layer to layer at the start. Sigmoid still loses a factor of four in each layer."
            ),
            (VANISHING, EXPLODING),
            _scale,
            lambda spec: (
                spec.initializer.kind in INITIALIZERS
                and spec.initializer.kind == right_initializer(spec.network.activation)
            ),
            _drawn_only,
            MappingProxyType({}),
        ),
    )
}


@dataclass(frozen=True, eq=False)
class Course:
    """How one run went: loss and accuracy of all samples, at the start and after each epoch."""

    spec: Spec
    losses: tuple[float, ...]
    accuracies: tuple[float, ...]
    test_accuracy: float | None
    first: tuple[LayerFlow, ...]
    """Of the first step."""
    fault: Fault | None

    @property
    def gradient_norms(self) -> tuple[float, ...]:
        """The norm of each layer's weight gradient in the first step."""
        return tuple(flow.norm_weight_gradient for flow in self.first)


@dataclass(frozen=True, eq=False)
class Twin:
    """The same run without and with a remedy."""

    key: str
    before: Course
    after: Course


def treated(
    spec: Spec,
    key: str,
    parameters: Mapping[str, float] | None = None,
    until: Until = None,
) -> Spec | None:
    """The specification with the remedy in it; None where `until()` ended its preparation."""
    remedy = REMEDIES[key]
    reason = remedy.refusal(spec)
    if reason:
        raise TrainingError(tr("{title}: {reason}", title=tr(remedy.title), reason=reason))
    given = {**remedy.parameters, **(parameters or {})}
    changed = remedy.rewrite(spec, given)
    changed.check()
    if remedy.prepare is None:
        return changed
    weights = remedy.prepare(changed, given, until)
    return None if weights is None else replace(changed, weights=weights)


def course(spec: Spec, epochs: int, until: Until = None) -> Course | None:
    """Train by a specification and keep what is to be compared; None where `until()` ended it."""
    trainer = Trainer(spec)
    losses, rights = [trainer.loss()], [trainer.accuracy()]
    first: tuple[LayerFlow, ...] = ()
    for epoch in range(epochs):
        if epoch == 0:
            trainer.step()
            first = trainer.flow()
        if trainer.fault is None:
            trainer.run(updates=trainer.updates_left, until=until)
        if until is not None and until():
            return None
        losses.append(trainer.loss())
        rights.append(trainer.accuracy())
        if trainer.fault is not None:
            break
    tested = trainer.accuracy("test") if len(trainer.data.test_inputs) else None
    known = tuple(right for right in rights if right is not None)
    return Course(spec, tuple(losses), known, tested, first, trainer.fault)


def compare(
    spec: Spec,
    key: str,
    epochs: int,
    parameters: Mapping[str, float] | None = None,
    until: Until = None,
) -> Twin | None:
    """The twin run from the same seed; None where `until()` ended it."""
    after_spec = treated(spec, key, parameters, until)
    before = course(spec, epochs, until)
    after = None if after_spec is None else course(after_spec, epochs, until)
    return None if before is None or after is None else Twin(key, before, after)
