"""A network as a textbook writes it, with samples in rows: the oracle for the fast one."""

from __future__ import annotations

import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[float])
bell = lambda z: np.exp(-z * z / 2) / math.sqrt(2 * math.pi)  # noqa: E731
below = lambda z: 0.5 * (1 + erf(z / math.sqrt(2)))  # noqa: E731
sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
# key -> function, derivative, both of z
FUNCTIONS = {
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.where(z > 0, z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "elu": (lambda z: np.where(z > 0, z, np.expm1(z)), lambda z: np.where(z >= 0, 1, np.exp(z))),
    "gelu": (lambda z: z * below(z), lambda z: below(z) + z * bell(z)),
    "softplus": (lambda z: np.log1p(np.exp(z)), sigmoid),
}


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss_of(kind, output, z, a, t):
    """The loss, and its gradient with respect to the sums z of the last layer."""
    n, k = a.shape
    if kind == "cross_entropy" and output == "softmax":
        return -np.sum(t * np.log(a)) / n, (a - t) / n
    if kind == "cross_entropy":
        return -np.mean(t * np.log(a) + (1 - t) * np.log(1 - a)), (a - t) / (n * k)
    r = a - t
    near = np.abs(r) <= 1
    value, grad = {
        "half_squared_error": (0.5 * np.sum(r * r) / n, r / n),
        "mse": (np.mean(r * r), 2 * r / (n * k)),
        "mae": (np.mean(np.abs(r)), np.sign(r) / (n * k)),
        "huber": (
            np.mean(np.where(near, 0.5 * r * r, np.abs(r) - 0.5)),
            np.where(near, r, np.sign(r)) / (n * k),
        ),
    }[kind]
    if output == "softmax":
        return value, a * (grad - (grad * a).sum(axis=1, keepdims=True))
    return value, grad * FUNCTIONS[output][1](z)


def loss_and_gradients(spec, loss, weights, x, t, masks=None):
    """Loss and one {"W", "b", "gamma", "beta"} of gradients per layer; batch statistics."""
    act, slope = FUNCTIONS[spec.activation]
    h, kept, last = x, [], len(weights) - 1
    for i, w in enumerate(weights[:-1]):
        s = h @ w.W.T + w.b
        std = np.sqrt(s.var(axis=0) + 1e-5)
        normal = (s - s.mean(axis=0)) / std
        z = w.gamma * normal + w.beta if spec.batch_norm else s
        mask = 1.0 if masks is None else masks[i].T
        kept.append((h, z, normal, std, mask))
        h = act(z) * mask + (h if spec.adds_input(i + 1) else 0)
    z = h @ weights[last].W.T + weights[last].b
    a = softmax(z) if spec.output == "softmax" else FUNCTIONS[spec.output][0](z)
    value, d = loss_of(loss, spec.output, z, a, t)
    grads = [{"W": d.T @ h, "b": d.sum(axis=0)}]
    up = d @ weights[last].W
    for i in range(last - 1, -1, -1):
        h, z, normal, std, mask = kept[i]
        d, grad = up * mask * slope(z), {}
        if spec.batch_norm:
            grad = {"gamma": (d * normal).sum(axis=0), "beta": d.sum(axis=0)}
            d = weights[i].gamma / std * (d - d.mean(0) - normal * (d * normal).mean(0))
        grads.insert(0, {"W": d.T @ h, "b": d.sum(axis=0), **grad})
        up = d @ weights[i].W + (up if spec.adds_input(i + 1) else 0)
    return value, grads
