"""Layer-wise pre-training: each hidden layer learns to copy what it is given, before all learn.

Hinton, Osindero and Teh 2006 did it with restricted Boltzmann machines; this is the form with
autoencoders (Bengio et al. 2007): layer k is trained as inputs - units - inputs on what the layers
below make of the data, its decoder is thrown away, and the next layer follows. The output layer
keeps its first weights; ordinary training ("fine-tuning") then starts from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bpstudio.nn.activations import value_of
from bpstudio.nn.calls import Array
from bpstudio.nn.data import Data
from bpstudio.nn.spec import Choice, LayerWeights, NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer, draw

EPOCHS = 20
RATE = 0.01
"""Adam's: it needs no tuning to a layer's scale."""


def pretrain(
    spec: Spec,
    epochs: int = EPOCHS,
    rate: float = RATE,
    until: Callable[[], bool] | None = None,
    done: Callable[[int, float], None] | None = None,
) -> tuple[LayerWeights, ...] | None:
    """First weights for `spec`, its hidden layers pre-trained; None where `until()` ended it.

    `done(layer, loss)` hears of each finished layer, from 1.
    """
    data = draw(spec)
    trainer = Trainer(spec)
    weights = list(trainer.network.weights())
    h: Array = data.inputs
    for index, own in enumerate(weights[:-1]):
        copying = Trainer(_autoencoder(spec, h, own, index, rate))
        report = copying.run(epochs=epochs, until=until)
        if until is not None and until():
            return None
        learnt = copying.network.layers[0].copy()
        weights[index] = replace(own, W=learnt.W, b=learnt.b)
        h = value_of(spec.network.activation, h @ learnt.W.T + learnt.b)
        if done is not None:
            done(index + 1, report.loss)
    return tuple(weights)


def _autoencoder(spec: Spec, h: Array, own: LayerWeights, index: int, rate: float) -> Spec:
    units, inputs = own.W.shape
    return Spec(
        NetworkSpec((inputs, units, inputs), spec.network.activation, "linear"),
        Data(h, h),
        optimizer=Choice("adam"),
        learning_rate=rate,
        initializer=Choice("xavier"),
        seed=spec.seed + 1000 * (index + 1),
        batch=spec.batch,
    )
