"""EXAMPLES: the classic uses of backpropagation networks, each ready to be played.

Each is a specification that learns within seconds; the panel lists them under their use. Adding one
is an entry here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from bpstudio.language import N_
from bpstudio.nn.data import Dataset
from bpstudio.nn.spec import Choice, NetworkSpec, Spec

USES = {
    "classification": N_("Classification"),
    "approximation": N_("Function approximation"),
    "recognition": N_("Pattern recognition"),
    "compression": N_("Data compression"),
}
"""The four classic uses -> title (marked)."""


@dataclass(frozen=True, slots=True)
class Example:
    """One entry: `spec()` makes its specification, `note` says what there is to see (marked)."""

    key: str
    title: str
    use: str
    note: str
    spec: Callable[[], Spec]


def _plane(name: str, hidden: tuple[int, ...], **fields: object) -> Callable[[], Spec]:
    """A planar set as TensorFlow Playground starts it: tanh, half squared error, batches of 10."""

    def make() -> Spec:
        data = Dataset(name, samples=500, test=0.5)
        spec = Spec(NetworkSpec((2, *hidden, 1)), data, epochs=1000)
        return replace(spec, **fields)  # type: ignore[arg-type]

    return make


def _classes(name: str, count: int, hidden: tuple[int, ...]) -> Callable[[], Spec]:
    def make() -> Spec:
        data = Dataset(name, samples=600, noise=0.05, classes=count, test=0.5)
        network = NetworkSpec((2, *hidden, count), "tanh", "softmax")
        return Spec(
            network,
            data,
            "cross_entropy",
            optimizer=Choice("adam"),
            learning_rate=0.01,
            epochs=1000,
        )

    return make


def _surface(name: str, hidden: tuple[int, ...]) -> Callable[[], Spec]:
    def make() -> Spec:
        data = Dataset(name, samples=500, test=0.5)
        network = NetworkSpec((2, *hidden, 1), "tanh", "linear")
        return Spec(network, data, optimizer=Choice("adam"), learning_rate=0.01, epochs=1000)

    return make


def _line(name: str, hidden: tuple[int, ...]) -> Callable[[], Spec]:
    def make() -> Spec:
        data = Dataset(name, samples=120, noise=0.05, test=0.25)
        network = NetworkSpec((1, *hidden, 1), "tanh", "linear")
        return Spec(network, data, optimizer=Choice("adam"), learning_rate=0.01, epochs=2000)

    return make


def _digits() -> Spec:
    return Spec(
        NetworkSpec((64, 32, 10), "relu", "softmax"),
        Dataset("digits", samples=2000, noise=0.05, test=0.25),
        "cross_entropy",
        optimizer=Choice("adam"),
        learning_rate=0.003,
        initializer=Choice("he"),
        batch=32,
        epochs=100,
    )


def _autoencoder() -> Spec:
    return Spec(
        NetworkSpec((64, 16, 2, 16, 64), "tanh", "sigmoid"),
        Dataset("digits", samples=1000),
        "cross_entropy",
        optimizer=Choice("adam"),
        learning_rate=0.005,
        batch=32,
        epochs=1000,
    )


def _one_hot() -> Spec:
    return Spec(
        NetworkSpec((8, 3, 8), "sigmoid", "sigmoid"),
        Dataset("one_hot", samples=8),
        "cross_entropy",
        optimizer=Choice("adam"),
        learning_rate=0.05,
        batch=8,
        epochs=2000,
    )


EXAMPLES: tuple[Example, ...] = (
    Example(
        "circle",
        N_("Circle"),
        "classification",
        N_("Every unit draws a straight edge; together they close a ring."),
        _plane("circle", (4, 2)),
    ),
    Example(
        "xor",
        N_("Exclusive or"),
        "classification",
        N_("No single line parts these classes: without a hidden layer it cannot be learned."),
        _plane("xor", (4, 2)),
    ),
    Example(
        "gauss",
        N_("Two clouds"),
        "classification",
        N_("One unit is enough here: a straight border."),
        _plane("gauss", (2,)),
    ),
    Example(
        "moons",
        N_("Moons"),
        "classification",
        N_("Two half moons: a border with a bend."),
        _plane("moons", (6, 4)),
    ),
    Example(
        "spiral",
        N_("Spiral"),
        "classification",
        N_("The hard one: three layers of eight units unroll it."),
        _plane("spiral", (8, 8, 8), optimizer=Choice("momentum"), learning_rate=0.01),
    ),
    Example(
        "clouds",
        N_("Five classes"),
        "classification",
        N_("Softmax gives every class its share; each colour is a class."),
        _classes("gauss", 5, (8,)),
    ),
    Example(
        "arms",
        N_("Spiral of three arms"),
        "classification",
        N_("Three classes wound into each other, with softmax and cross-entropy."),
        _classes("spiral", 3, (12, 12)),
    ),
    Example(
        "sine",
        N_("Sine"),
        "approximation",
        N_("The line is what the network makes of x, the points are what it was shown."),
        _line("sine", (8, 8)),
    ),
    Example(
        "jump",
        N_("A jump"),
        "approximation",
        N_("A smooth function comes close to a jump with ever larger weights."),
        _line("jump", (6,)),
    ),
    Example(
        "plane",
        N_("Plane"),
        "approximation",
        N_("A slope over the plane: one linear unit learns it."),
        _surface("plane", (3,)),
    ),
    Example(
        "bumps",
        N_("Gaussian bumps"),
        "approximation",
        N_("Hills and hollows over the plane."),
        _surface("bumps", (10, 8)),
    ),
    Example(
        "digits",
        N_("Digits"),
        "recognition",
        N_("Draw a digit with the mouse: the network says at once what it takes it for."),
        _digits,
    ),
    Example(
        "autoencoder",
        N_("Autoencoder 64-16-2-16-64"),
        "compression",
        N_("Every digit becomes two numbers. Point at a place to see what it decodes to."),
        _autoencoder,
    ),
    Example(
        "one_hot",
        N_("Eight codes 8-3-8"),
        "compression",
        N_("Eight patterns pass through three units: a binary code appears by itself."),
        _one_hot,
    ),
)


def key_of(data: Dataset, outputs: int) -> str:
    """The example that shows these data, "" for none; several outputs are classes."""
    found = ""
    for example in EXAMPLES:
        spec = example.spec()
        if isinstance(spec.data, Dataset) and spec.data.name == data.name:
            if (spec.network.sizes[-1] > 1) == (outputs > 1):
                return example.key
            found = found or example.key
    return found


@cache
def by_key() -> dict[str, Example]:
    """The examples by their keys."""
    return {example.key: example for example in EXAMPLES}
