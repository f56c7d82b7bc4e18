"""How fast networks train beside their peers: `python -m tests.benchmarks.training [--rounds N]`.

Every figure is the least of many short windows of the same length in this one process, with one
BLAS thread, all taking turns, in processor time (the clock's own on an idle machine): on one that
others use as well only short windows are ever left alone. They last a millisecond, or 64 of our
updates where those take longer. Such a machine can be slow for half a minute on end, so every net
is visited several times, each time after all others, and the table comes last, after some minutes.
Ratios hold from machine to machine, times do not. An update is a batch forward, backward and plain
SGD; ours looks for NaN besides.

The peers compute the same net (training_peers.py). `torch` is its SGD as it comes; `torch best` the
fastest of its three implementations and, where ours is float64, of both dtypes: that is what issue
5 asks to be compared with. Beside scikit-learn both of us shuffle; the others take the batches in
order.

`products` are the step's matrix products alone over the same batches. `bare calls` is the floor of
any step made of NumPy calls: the least time of each of its calls alone, over and over on the same
warm arrays with their output given, added up; how many there are stands beside. The `most` column
is how far any NumPy could be ahead of torch's best. TensorFlow Playground's engine is measured
where node and a build of its nn.ts are at hand: `--playground nn.js`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bpstudio.nn.many import Many
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.trainer import Trainer
from tests.benchmarks.training_peers import PEERS, Net, numbers, playground_engine
from tests.benchmarks.turns import BURST, WINDOW, Run, Turns, seconds

NETS = (
    Net(
        "2-4-2-1",
        (2, 4, 2, 1),
        10,
        "float64",
        {"torch": 40, "sklearn": 12, "micrograd": 80},
        samples=250,
    ),
    Net(
        "2-8-8-8-1",
        (2, 8, 8, 8, 1),
        10,
        "float64",
        {"torch": 40, "sklearn": 9, "playground": 2},
        samples=250,
    ),
    Net("64-32-10", (64, 32, 10), 32, "float64", {"torch": 25, "sklearn": 8}, "relu"),
    Net("64-128-64-10", (64, 128, 64, 10), 64, "float32", {"torch": 6, "products": 1.4}, "relu"),
    Net(
        "784-128-64-10", (784, 128, 64, 10), 64, "float32", {"torch": 2.3, "products": 1.3}, "relu"
    ),
    Net(
        "784-128-64-10", (784, 128, 64, 10), 128, "float32", {"torch": 1.8, "products": 1.2}, "relu"
    ),
    Net("64-30x32-10", (64, *[32] * 30, 10), 32, "float64", {"torch": 3.5}),
)


def trainer_of(net: Net, *, shuffle: bool = False) -> Trainer:
    output, loss = ("softmax", "cross_entropy") if net.classifies else ("tanh", "mse")
    network = NetworkSpec(net.sizes, net.activation, output)
    spec = Spec(network, numbers(net), loss=loss, batch=net.batch, dtype=net.dtype)
    spec = replace(spec, shuffle=shuffle)
    return Trainer(spec)


# --- one update of each ---------------------------------------------------------------------------


def ours(net: Net, *, shuffle: bool = False) -> Run:
    trainer = trainer_of(net, shuffle=shuffle)
    return lambda updates: trainer.run(updates=updates)


def _is_product(one: Any, trainer: Trainer) -> bool:
    """Whether a call is a matrix product with the weights, or one that gives their gradient."""
    if one.func.__name__ not in ("dot", "matmul"):
        return False
    flat = trainer.network.parameters, trainer._update.gradient
    whose = [] if one.func is np.matmul else [one.func.__self__]
    return any(np.may_share_memory(a, b) for a in (*whose, *one.args) for b in flat)


def _line(net: Net) -> tuple[Trainer, list[Any]]:
    """A trainer that has made a step, and all calls of one more."""
    trainer = trainer_of(net)
    trainer.step()
    program, (bound, *_) = trainer.feed.take(1)
    return trainer, [*program.calls(bound), *trainer._update.calls]


def products(net: Net) -> Run:
    """The matrix products of the steps of an epoch and nothing else."""
    trainer = trainer_of(net)
    trainer.step()
    program, batches = trainer.feed.take(trainer.feed.batches)
    inner = [*program.forward, *program.backward]
    dots = [one for one in inner if _is_product(one, trainer)]
    assert len(dots) >= 3 * (len(net.sizes) - 1) - 3

    def run(updates: int) -> None:
        for k in range(updates):
            bound = batches[k % len(batches)]
            for one in (*bound.first, *dots, *bound.last):
                one()

    return run


def bare_calls(net: Net) -> Turns:
    """Each call of a step alone; `added_up` tells their sum."""
    _trainer, line = _line(net)

    def again(one: Callable[[], object], count: int) -> None:
        for _ in range(count):
            one()

    runs: dict[str, list[Run]] = {str(k): [partial(again, one)] for k, one in enumerate(line)}
    return Turns({"nothing": [partial(again, partial(int))], **runs}, window=SHORT, burst=3)


def added_up(calls: Turns) -> tuple[float, int]:
    """Seconds of all calls, and how many there are; the cost of a loop around a call is off."""
    took = dict(calls.best)
    around = min(took.pop("nothing"), 30e-9)
    return sum(each - around for each in took.values()), len(took)


LONG = 64
"""Updates of ours per window at least: its end is a report with a loss, which nobody reads after
every third update."""
SHORT = 0.0002
"""Seconds per window of a call alone."""
EPOCHS = 4
"""scikit-learn starts anew in each window: it gets so many epochs."""
VISITS = 8
"""Times that each net is visited; the rounds are shared out among them."""


def turns_of(net: Net) -> tuple[Turns, Turns]:
    """All that is measured of a net, and the calls of our step one by one."""
    runs = {
        "ours": [ours(net)],
        "shuffled": [ours(net, shuffle=True)],
        "products": [products(net)],
    }
    for name, make in PEERS.items():
        try:
            runs[name] = make(net)
        except ImportError:
            continue
    lengths = {"sklearn": EPOCHS * -(-net.samples // net.batch)}
    window = max(WINDOW, LONG * seconds(runs["ours"][0], LONG))
    burst = max(1, round(BURST * WINDOW / window))
    runs = {name: found for name, found in runs.items() if found}
    return Turns(runs, lengths, window=window, burst=burst), bare_calls(net)


def table(nets: list[Net], rounds: int, playground: Path | None) -> None:
    print(
        f"{'':<13}{'batch':>5} {'':<8}{'µs':>7}{'products':>20}"
        f"{'bare calls: µs, ours':>23}{'most':>8}{'torch':>20}{'torch best':>20}"
        f"{'scikit-learn':>20}{'micrograd':>20}{'Playground':>20}",
        flush=True,
    )
    with np.errstate(all="ignore"):
        measured = [turns_of(net) for net in nets]
        for visit in range(VISITS):
            for both in measured:
                for turns in both:
                    turns.take(len(range(visit, rounds, VISITS)))
    for net, (turns, calls) in zip(nets, measured, strict=True):
        row(net, turns.best, added_up(calls), playground)


def row(net: Net, best: dict[str, float], bare: tuple[float, int], playground: Path | None) -> None:
    own, (floor, count) = best["ours"], bare
    cells = [f"{net.name:<14}{net.batch:>4} {net.dtype:<8}{own * 1e6:>7.1f}"]
    cells.append(_cell(own / best["products"], net.wanted.get("products"), most=True))
    cells.append(f"{floor * 1e6:>9.1f} ({count:>3}){own / floor:>7.2f}x")
    most = best["torch best"] / floor if "torch best" in best else None
    cells.append(f"{'–' if most is None else f'{most:.3g}x':>8}")
    for name in PEERS:
        beside = best["shuffled"] if name == "sklearn" else own
        found = best[name] / beside if name in best else None
        wanted = net.wanted.get("torch" if name == "torch best" else name)
        cells.append(_cell(found, None if name == "torch" else wanted))
    found = None
    if playground is not None and not net.classifies:
        found = playground_engine(playground, net) / own
    cells.append(_cell(found, net.wanted.get("playground")))
    print("".join(cells), flush=True)


def _cell(found: float | None, wanted: float | None, *, most: bool = False) -> str:
    if found is None:
        return f"{'–':>20}"
    said = f"{found:.2f}x" if found < 10 else f"{found:.0f}x"
    if wanted is not None:
        held = found <= wanted if most else found >= wanted
        said += f" ({'≤' if most else '≥'}{wanted:g}{'' if held else ' MISSED'})"
    return f"{said:>20}"


# --- a fresh process, and pictures ----------------------------------------------------------------

FRESH = {
    "ours": """
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.data import Dataset
from bpstudio.nn.trainer import Trainer
Trainer(Spec(NetworkSpec((2, 4, 2, 1)), Dataset("circle", 250))).run(updates=100)
""",
    "sklearn": """
import numpy as np, warnings
from sklearn.neural_network import MLPRegressor
warnings.simplefilter("ignore")
x = np.random.default_rng(0).standard_normal((250, 2))
net = MLPRegressor(hidden_layer_sizes=(4, 2), activation="tanh", solver="sgd", batch_size=10,
                   max_iter=4)
net.fit(x, x[:, 0])
""",
    "torch": """
import torch
x = torch.randn(10, 2)
net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2),
                          torch.nn.Tanh(), torch.nn.Linear(2, 1), torch.nn.Tanh())
optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
for _ in range(100):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(net(x), x[:, :1]).backward()
    optimizer.step()
""",
}
WANTED_FRESH = {"sklearn": 5.0, "torch": 15.0}


def fresh(rounds: int) -> None:
    print("\nFirst result in a fresh process: import, build, 100 updates")
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, script in FRESH.items():
            began = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", script], capture_output=True)
            if done.returncode == 0:
                best[name] = min(best.get(name, 1e9), time.perf_counter() - began)
    for name, took in best.items():
        said = _cell(took / best["ours"], WANTED_FRESH[name]) if name != "ours" else ""
        print(f"{name:<15}{took:>8.2f} s{said}")


def maps(rounds: int) -> None:
    trainer = Trainer(Spec(NetworkSpec((2, 8, 8, 8, 1)), numbers(NETS[1])))
    axis = np.linspace(-6, 6, 100)
    grid = np.column_stack([a.ravel() for a in np.meshgrid(axis, axis)])
    runs: dict[str, list[Run]] = {"maps": [lambda n: [trainer.unit_maps(grid) for _ in range(n)]]}
    took = Turns(runs).take(rounds)
    print(
        f"\n100x100 surface with all 25 unit maps of 2-8-8-8-1: {took['maps'] * 1e3:.2f} ms (≤1.2)"
    )


def many(rounds: int) -> None:
    print("\n32 nets 2-8-8-8-1 side by side, losses included, µs per update of one net")
    for words in ({}, {"batch_norm": True}, {"dropout": 0.2}, {"residual": True}):
        spec = Spec(NetworkSpec((2, 8, 8, 8, 1), **words), numbers(NETS[0]), shuffle=False)
        nets, alone = Many(spec, seeds=range(32)), Trainer(spec)
        runs: dict[str, list[Run]] = {"all": [partial(_epochs, nets)]}
        took = Turns({**runs, "alone": [partial(_epochs, alone)]}).take(rounds)
        each = took["all"] / (25 * 32) * 1e6
        said = f"{each:>8.2f}, {took['alone'] * 32 / took['all']:.1f}x one by one"
        print(f"{', '.join(words) or 'plain':<15}{said}")


def _epochs(nets: Many | Trainer, count: int) -> None:
    for _ in range(count):
        nets.epoch()
        if isinstance(nets, Trainer):
            nets.loss()


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--rounds", type=int, default=100)
    read.add_argument("--playground", type=Path, help="nn.ts of TensorFlow Playground as nn.js")
    read.add_argument("--only", default="", help="the nets whose name holds this, and no more")
    chosen = read.parse_args()
    import threadpoolctl

    with threadpoolctl.threadpool_limits(1):
        table([net for net in NETS if chosen.only in net.name], chosen.rounds, chosen.playground)
        if chosen.only:
            return
        maps(chosen.rounds)
        many(chosen.rounds)
    fresh(5)


if __name__ == "__main__":
    main()
