"""A network as a PyTorch module with its weights, its loss and its optimizer.

Training mode means what it means here: batch norm by the batch's statistics with running ones
beside, inverted dropout after the activation, residual connections last. Numbers are written so
that they read back to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpstudio.nn.activations import SLOPE
from bpstudio.nn.norm import EPS, NEW
from bpstudio.nn.numpy_script import SHOWN
from bpstudio.nn.optimizers import OPTIMIZERS
from bpstudio.nn.spec import Spec
from bpstudio.nn.trainer import Trainer
from bpstudio.nn.written import constants, residual_layers

FUNCTIONS: Mapping[str, str] = {
    "linear": "z",
    "sigmoid": "torch.sigmoid(z)",
    "tanh": "torch.tanh(z)",
    "relu": "functional.relu(z)",
    "leaky_relu": f"functional.leaky_relu(z, {SLOPE})",
    "elu": "functional.elu(z)",
    "gelu": "functional.gelu(z)",
    # functional.softplus takes z itself above 20, which is off by up to 2e-9.
    "softplus": "torch.logaddexp(z, torch.zeros_like(z))",
    "softmax": "torch.softmax(z, dim=1)",
}
LOSSES: Mapping[str, str] = {
    "half_squared_error": "0.5 * ((y - t) ** 2).sum(dim=1).mean()",
    "mse": "functional.mse_loss(y, t)",
    "mae": "functional.l1_loss(y, t)",
    "huber": "functional.huber_loss(y, t, delta={delta})",
    "softmax": "functional.cross_entropy(z, t)",
    "sigmoid": "functional.binary_cross_entropy_with_logits(z, t)",
}
OPTIMIZER_TEXTS: Mapping[str, str] = {
    "sgd": "SGD(parameters, lr={rate}, weight_decay={weight_decay})",
    "momentum": "SGD(parameters, lr={rate}, momentum={momentum}, weight_decay={weight_decay})",
    "nesterov": "SGD(parameters, lr={rate}, momentum={momentum}, nesterov=True,"
    " weight_decay={weight_decay})",
    "rmsprop": "RMSprop(parameters, lr={rate}, alpha={alpha}, eps={eps},"
    " weight_decay={weight_decay})",
    "adam": "Adam(parameters, lr={rate}, betas=({beta1}, {beta2}), eps={eps},"
    " weight_decay={weight_decay})",
    "adamw": "AdamW(parameters, lr={rate}, betas=({beta1}, {beta2}), eps={eps},"
    " weight_decay={weight_decay})",
}


def torch_network(trainer: Trainer) -> str:
    """The program."""
    return "\n".join(_lines(trainer)) + "\n"


def _lines(trainer: Trainer) -> Iterator[str]:
    spec, network = trainer.spec, trainer.spec.network
    residual = residual_layers(network)
    sizes = "-".join(map(str, network.sizes))
    yield f'"""A network {sizes} for PyTorch, written by Backprop Studio."""'
    yield ""
    yield from ("import torch", "from torch import nn", "from torch.nn import functional", "")
    yield f"DTYPE = torch.{spec.dtype}"
    yield f"SIZES = {list(network.sizes)!r}"
    yield from constants(trainer, "WEIGHTS", "{values}")
    yield from _module(spec, bool(residual))
    yield from _load(network.batch_norm)
    yield from _loss(spec)
    yield from _optimizer(spec)
    yield from ("", "", 'if __name__ == "__main__":')
    yield "    model = load().eval()"
    yield f"    x = torch.tensor({trainer.data.inputs[:SHOWN].tolist()!r}, dtype=DTYPE)"
    yield f"    t = torch.tensor({trainer.data.targets[:SHOWN].tolist()!r}, dtype=DTYPE)"
    yield '    print("loss", loss(model, x, t).item())'
    yield "    for row in model(x).tolist():"
    yield '        print("output", *row)'
    yield "    loss(model, x, t).backward()"
    yield "    for number, layer in enumerate(model.layers, 1):"
    yield '        print("layer", number, "gradient", layer.weight.grad.norm().item())'


def _module(spec: Spec, residual: bool) -> Iterator[str]:
    network = spec.network
    yield from ("", "", "class Network(nn.Module):", "    def __init__(self):")
    yield "        super().__init__()"
    yield "        pairs = zip(SIZES, SIZES[1:])"
    yield "        self.layers = nn.ModuleList(nn.Linear(a, b, dtype=DTYPE) for a, b in pairs)"
    if network.batch_norm:
        yield "        self.norms = nn.ModuleList("
        yield f"            nn.BatchNorm1d(n, eps={EPS}, momentum={NEW}, dtype=DTYPE)"
        yield "            for n in SIZES[1:-1]"
        yield "        )"
    if network.dropout:
        yield f"        self.drop = nn.Dropout({network.dropout!r})"
    yield from ("", "    def sums(self, x):")
    yield '        """What the output function is given."""'
    yield "        for number, layer in enumerate(self.layers[:-1], 1):"
    yield "            z = layer(x)"
    if network.batch_norm:
        yield "            z = self.norms[number - 1](z)"
    yield f"            h = {FUNCTIONS[network.activation]}"
    if network.dropout:
        yield "            h = self.drop(h)"
    yield f"            x = h{' + x if number in RESIDUAL else h' if residual else ''}"
    yield "        return self.layers[-1](x)"
    yield from ("", "    def forward(self, x):", "        z = self.sums(x)")
    yield f"        return {FUNCTIONS[network.output]}"


def _load(batch_norm: bool) -> Iterator[str]:
    yield from ("", "", "def load():")
    yield '    """The network with the weights above."""'
    yield "    model = Network()"
    yield "    with torch.no_grad():"
    yield "        for layer, given in zip(model.layers, WEIGHTS):"
    yield '            layer.weight.copy_(torch.tensor(given["W"], dtype=DTYPE))'
    yield '            layer.bias.copy_(torch.tensor(given["b"], dtype=DTYPE))'
    if batch_norm:
        yield "        for norm, given in zip(model.norms, WEIGHTS):"
        for theirs, ours in (
            ("weight", "gamma"),
            ("bias", "beta"),
            ("running_mean", "mean"),
            ("running_var", "variance"),
        ):
            yield f'            norm.{theirs}.copy_(torch.tensor(given["{ours}"], dtype=DTYPE))'
    yield "    return model"


def _loss(spec: Spec) -> Iterator[str]:
    direct = spec.loss == "cross_entropy"
    text = LOSSES[spec.network.output if direct else spec.loss].format(delta=repr(spec.delta))
    yield from ("", "", "def loss(model, x, t):")
    if spec.l1 or spec.l2:
        yield '    """The mean loss; the penalties are apart."""'
    else:
        yield '    """The mean loss."""'
    yield "    z = model.sums(x)" if direct else "    y = model(x)"
    yield f"    return {text}"
    if spec.l1 or spec.l2:
        yield from ("", "", "def penalty(model):")
        yield '    """L1 and L2 on the weights, not on the biases."""'
        yield "    weights = [layer.weight for layer in model.layers]"
        terms = []
        if spec.l1:
            terms.append(f"{spec.l1!r} * sum(w.abs().sum() for w in weights)")
        if spec.l2:
            terms.append(f"{spec.l2 / 2!r} * sum((w**2).sum() for w in weights)")
        yield f"    return {' + '.join(terms)}"


def _optimizer(spec: Spec) -> Iterator[str]:
    given = spec.optimizer.full(OPTIMIZERS[spec.optimizer.kind].parameters)
    text = OPTIMIZER_TEXTS[spec.optimizer.kind].format(
        rate=repr(spec.learning_rate), **{name: repr(value) for name, value in given.items()}
    )
    yield from ("", "", "def optimizer(parameters):")
    yield '    """To go on training: optimizer(model.parameters())."""'
    yield f"    return torch.optim.{text}"
