"""The same nets in the peers: PyTorch, scikit-learn, micrograd and TensorFlow Playground training.

Each answers the variants it has, runs that make so many updates; none where it has no such net.
An update is a batch forward, backward and plain SGD.

torch       nn.Sequential in eager mode with autograd and torch.optim.SGD: as it comes in our dtype,
            or all three implementations of SGD in every dtype that is no wider.
sklearn     an MLP without momentum, which shuffles, and starts anew whenever it is asked.
micrograd   its demo, for nets of two inputs; it has relu only.
playground  its nn.ts, compiled to a CommonJS file, in node: it times itself.
"""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bpstudio.nn.data import Data
from tests.benchmarks.turns import Run

RATE = 0.03


@dataclass(frozen=True)
class Net:
    """A network to train, and what issue 5 asks for: at least so many times a peer's speed."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    dtype: str
    wanted: dict[str, float]
    activation: str = "tanh"
    samples: int = 1024

    @property
    def classifies(self) -> bool:
        return self.sizes[-1] > 1


def numbers(net: Net) -> Data:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((net.samples, net.sizes[0]))
    if net.classifies:
        return Data(inputs, np.eye(net.sizes[-1])[rng.integers(0, net.sizes[-1], net.samples)])
    return Data(inputs, rng.choice([-1.0, 1.0], (net.samples, 1)))


def torch_default(net: Net) -> list[Run]:
    """torch.optim.SGD as it comes, in our dtype."""
    return _torch(net, net.dtype, ({},))


def torch_best(net: Net) -> list[Run]:
    """Every implementation of SGD in every dtype that is no wider than ours."""
    words = {"foreach": False}, {"foreach": True}, {"fused": True}
    dtypes = ("float64", "float32") if net.dtype == "float64" else ("float32",)
    return [run for dtype in dtypes for run in _torch(net, dtype, words)]


def _torch(net: Net, name: str, variants: Iterable[dict[str, bool]]) -> list[Run]:
    import torch

    torch.set_num_threads(1)
    dtype = getattr(torch, name)
    data = numbers(net)
    x = torch.tensor(data.inputs, dtype=dtype)
    t = torch.tensor(data.targets, dtype=dtype)
    labels = t.argmax(1)
    act = torch.nn.Tanh if net.activation == "tanh" else torch.nn.ReLU
    runs = []
    for words in variants:
        layers: list[Any] = []
        for inputs, units in zip(net.sizes, net.sizes[1:], strict=False):
            layers += [torch.nn.Linear(inputs, units, dtype=dtype), act()]
        if net.classifies:
            layers.pop()
        model = torch.nn.Sequential(*layers)
        loss_of = torch.nn.CrossEntropyLoss() if net.classifies else torch.nn.MSELoss()
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE, **words)
        batches = list(
            zip(x.split(net.batch), (labels if net.classifies else t).split(net.batch), strict=True)
        )

        def run(
            updates: int,
            model: Any = model,
            loss_of: Any = loss_of,
            optimizer: Any = optimizer,
            batches: Any = batches,
        ) -> None:
            for k in range(updates):
                xb, tb = batches[k % len(batches)]
                optimizer.zero_grad()
                loss_of(model(xb), tb).backward()
                optimizer.step()

        runs.append(run)
    return runs


def sklearn_mlp(net: Net) -> list[Run]:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    data = numbers(net)
    x = data.inputs.astype(net.dtype)
    kind = MLPClassifier if net.classifies else MLPRegressor
    t = data.targets.argmax(axis=1) if net.classifies else data.targets[:, 0].astype(net.dtype)
    batches = -(-len(x) // net.batch)

    def run(updates: int) -> None:
        model = kind(
            hidden_layer_sizes=net.sizes[1:-1],
            activation=net.activation,
            solver="sgd",
            alpha=0.0,
            batch_size=net.batch,
            learning_rate_init=RATE,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=max(1, round(updates / batches)),
            tol=0.0,
            n_iter_no_change=1 << 30,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, t)

    return [run]


def micrograd_mlp(net: Net) -> list[Run]:
    if len(net.sizes) > 5 or net.sizes[0] > 2:
        return []
    from micrograd.nn import MLP

    # It has relu only; its nets are measured with that, which costs it less than tanh would.
    data = numbers(net)
    model = MLP(net.sizes[0], list(net.sizes[1:]))

    def run(updates: int) -> None:
        for k in range(updates):
            at = k * net.batch % len(data.inputs)
            pairs = zip(
                data.inputs[at : at + net.batch].tolist(),
                data.targets[at : at + net.batch, 0].tolist(),
                strict=True,
            )
            losses = [(model(x) - t) ** 2 for x, t in pairs]
            total = sum(losses) * (1.0 / len(losses))
            model.zero_grad()
            total.backward()
            for p in model.parameters():
                p.data -= RATE * p.grad

    return [run]


PEERS = {
    "torch": torch_default,
    "torch best": torch_best,
    "sklearn": sklearn_mlp,
    "micrograd": micrograd_mlp,
}
SCRIPT = """
const nn = require(process.argv[2]); const o = JSON.parse(process.argv[3]);
const act = nn.Activations.TANH, net = nn.buildNetwork(o.sizes, act, act, null, ["x", "y"]);
let best = 1e9;
for (let r = 0; r < 60; r++) {
  const t0 = process.hrtime.bigint(); let n = 0;
  for (let e = 0; e < 10; e++) o.x.forEach((x, i) => {
    nn.forwardProp(net, x); nn.backProp(net, o.t[i][0], nn.Errors.SQUARE);
    if ((i + 1) % o.batch === 0) { nn.updateWeights(net, o.rate, 0); n++; }
  });
  best = Math.min(best, Number(process.hrtime.bigint() - t0) / n);
}
console.log(best / 1e9);
"""


def playground_engine(path: Path, net: Net) -> float:
    """Seconds per update of TensorFlow Playground's nn.ts, compiled to a CommonJS file."""
    data = numbers(net)
    given = {"sizes": net.sizes, "x": data.inputs.tolist(), "t": data.targets.tolist()}
    words = [str(path.resolve()), json.dumps({**given, "batch": net.batch, "rate": RATE})]
    done = subprocess.run(
        ["node", "-e", SCRIPT, "-", *words], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
