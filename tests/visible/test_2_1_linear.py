"""Visible checks of 2.1: a layer with three inputs and two outputs."""

import numpy as np
import pytest

from grader.checks.answers import a_handle, a_list, a_mapping, a_tensor, ask, feedback, is_handle

pytestmark = pytest.mark.exercise("2.1")


def floats(*numbers):
    """Numbers as float32, like those of a layer."""
    return np.array(numbers, dtype=np.float32)


def a_layer(cell):
    """A layer with three inputs and two outputs."""
    return a_handle(ask(cell, "Linear", 3, 2), "`Linear(3, 2)`", hint="`Linear` should be a class.")


def parameters_of(layer):
    """The layer's parameters by name."""
    pairs = ask(layer, "named_parameters")
    pairs = [
        a_list(pair, "a parameter") for pair in (pairs if is_handle(pairs) else a_list(pairs, "`named_parameters()`"))
    ]
    return {str(pair[0]): a_tensor(pair[-1], "a parameter") for pair in pairs}


def test_it_has_a_weight_and_a_bias(cell):
    """`Linear(3, 2)` has a weight with six entries and a bias with two"""
    parameters = parameters_of(a_layer(cell))
    sizes = [value.size for value in parameters.values()]
    assert 6 in sizes and 2 in sizes, feedback(
        "a linear layer has two parameters",
        asked="Linear(3, 2).named_parameters()",
        expected="shapes (2, 3) and (2,)",
        got={name: tuple(value.shape) for name, value in parameters.items()},
        hint="`nn.Parameter` with a capital P makes a tensor a parameter.",
    )


def test_it_computes_wx_plus_b(cell):
    """With the weights set by hand, [1, 2, 3] becomes Wx + b"""
    layer = a_layer(cell)
    weight, bias = floats([1.0, 0.0, -1.0], [2.0, 1.0, 0.0]), floats(10.0, 20.0)
    stored = {
        name: bias.reshape(value.shape) if value.size == 2 else weight if value.shape[0] == 2 else weight.T
        for name, value in parameters_of(layer).items()
        if value.size in (2, 6)
    }
    ask(layer, "load_state_dict", stored, strict=False)
    # By hand: 1*1 + 0*2 - 1*3 + 10 = 8 and 2*1 + 1*2 + 0*3 + 20 = 24.
    for x, due in (
        (floats(1.0, 2.0, 3.0), [8.0, 24.0]),
        (floats([1.0, 2.0, 3.0], [0.0, 0.0, 0.0]), [[8.0, 24.0], [10.0, 20.0]]),
    ):
        y = a_tensor(layer(x), "the output")
        found = y.reshape(-1).tolist()
        flat = due if x.ndim == 1 else due[0] + due[1]
        close = len(found) == len(flat) and all(abs(a - b) < 1e-3 for a, b in zip(found, flat, strict=True))
        assert close and tuple(y.shape[-x.ndim :]) == (*x.shape[:-1], 2), feedback(
            "the output is not Wx + b",
            asked=f"x = {x.tolist()}, W = {weight.tolist()}, b = {bias.tolist()}",
            expected=due,
            got=y.tolist(),
        )


def test_it_can_learn(cell):
    """One step of gradient descent changes weight and bias"""
    step = a_mapping(cell.probe("train_step", a_layer(cell), floats(1.0, -1.0, 0.5), 0.1), "a training step")
    moved = step.get("moved")
    assert isinstance(moved, list) and len(moved) >= 2, feedback(
        "an optimizer should move both parameters", expected="two that moved", got=moved
    )


def test_no_ready_made_layer_inside(cell):
    """The layer holds its numbers itself, with no layer of PyTorch inside"""
    made = a_mapping(cell.probe("makeup", a_layer(cell)), "the layer's makeup")
    assert made.get("layers") == [], feedback(
        "a layer of PyTorch does the work", got=made.get("layers"), hint="Hold W and b yourself."
    )
