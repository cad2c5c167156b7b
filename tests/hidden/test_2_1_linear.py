"""Hidden checks of 2.1: the layer is compared as a function, with parameters set from here."""

import pytest

from grader.suite import a_handle, a_list, a_mapping, a_tensor, ask, fail, feedback, is_handle

pytestmark = pytest.mark.exercise("2.1")

TOLERANCE = 1e-5
"""Sums of a few float32 products differ by less, in whatever order they are added."""


def layer(cell, in_features, out_features):
    """A fresh layer."""
    return a_handle(ask(cell, "Linear", in_features, out_features), "`Linear(...)`", hint="`Linear` should be a class.")


def state(module):
    """The layer's parameters by name."""
    found = a_mapping(ask(module, "state_dict"), "the layer's state")
    return {name: a_tensor(value, "a parameter") for name, value in found.items() if isinstance(name, str)}


def sized(parameters, *shapes):
    """The name of the parameter that has one of these shapes."""
    return next((name for name, value in parameters.items() if tuple(value.shape) in shapes), None)


def set_up(cell, rng, in_features, out_features):
    """A layer with weight and bias set from here, and the function it should be; without a bias where it has none."""
    import torch

    module = layer(cell, in_features, out_features)
    parameters = state(module)
    draw = torch.Generator().manual_seed(rng.getrandbits(32))
    weight, bias = torch.randn(out_features, in_features, generator=draw), torch.randn(out_features, generator=draw)
    w = sized(parameters, (out_features, in_features), (in_features, out_features))
    b = sized(parameters, (out_features,), (1, out_features), (out_features, 1))
    if w is None:
        fail("the layer has no weight that an optimizer could find", hint="Keep it as `self.name = nn.Parameter(...)`.")
    stored = {w: weight if tuple(parameters[w].shape) == (out_features, in_features) else weight.T.contiguous()}
    if b is not None:
        stored[b] = bias.reshape(parameters[b].shape)
    ask(module, "load_state_dict", parameters | stored)
    return module, stored, lambda x: x @ weight.T + (bias if b is not None else 0)


def applied(module, x, shape):
    """What the layer makes of x. A bias of shape (1, out_features) turns the output for a vector into one row."""
    y = a_tensor(module(x), "the layer's output")
    y = y[0] if x.ndim == 1 and y.ndim == 2 and len(y) == 1 else y
    return a_tensor(y, "the layer's output", shape).float()


def draw_input(rng, *shape):
    """A random input."""
    import torch

    return torch.randn(*shape, generator=torch.Generator().manual_seed(rng.getrandbits(32)))


@pytest.mark.points(2)
def test_weight_is_a_parameter_of_the_right_size(cell, rng):
    """The weight is a parameter with in_features times out_features entries"""
    n, m = rng.sample(range(3, 9), 2)
    for sizes in ((n, m), (m, n), (1, m)):
        module = layer(cell, *sizes)
        found = ask(module, "parameters")
        found = found if is_handle(found) else a_list(found, "`parameters()`")
        shapes = [tuple(a_tensor(value, "a parameter").shape) for value in found]
        assert sizes in shapes or sizes[::-1] in shapes, feedback(
            "the layer has no weight of the right size among its parameters",
            hint="`nn.Parameter` with a capital P makes a tensor a parameter; its shape is (out_features, in_features).")


@pytest.mark.points(2)
def test_bias_is_a_parameter_and_is_added(cell, rng):
    """The bias is a parameter with out_features entries, and the layer adds it"""
    import torch

    n, m = rng.sample(range(3, 9), 2)
    module, stored, _ = set_up(cell, rng, n, m)
    biases = [value for value in stored.values() if value.numel() == m]
    assert biases, feedback("the layer has no bias", hint="y = Wx + b: b is a second parameter, with out_features entries.")
    assert torch.allclose(applied(module, torch.zeros(n), (m,)), biases[0].reshape(m), atol=TOLERANCE), feedback(
        "with an input of zeros the output is not the bias", hint="Add the bias, once, in `forward`.")


@pytest.mark.points(2)
def test_one_vector_becomes_wx_plus_b(cell, rng):
    """One vector x becomes Wx + b"""
    import torch

    n, m = rng.sample(range(3, 9), 2)
    for sizes in ((n, m), (m, n), (n, n)):
        module, stored, expected = set_up(cell, rng, *sizes)
        x = draw_input(rng, sizes[0])
        y = applied(module, x, (sizes[1],))
        # A square weight does not tell which way round it is stored, so both readings count there.
        w = next(value for value in stored.values() if value.ndim == 2 and tuple(value.shape) in (sizes, sizes[::-1]))
        readings = [expected(x)] + ([expected(x) - w @ x + w.T @ x] if n == sizes[0] == sizes[1] else [])
        assert any(torch.allclose(y, reading, atol=TOLERANCE) for reading in readings), feedback(
            "the output for a vector is not Wx + b",
            hint="Multiply by the weight once, the way round it is stored; transpose it or not, but not twice.")
        after = state(module)
        assert all(torch.equal(after.get(name, value + 1), value) for name, value in stored.items()), feedback(
            "calling the layer changes its parameters", hint="Make them in `__init__`; `forward` only reads them.")


@pytest.mark.points(2)
def test_batches_are_taken_row_by_row(cell, rng):
    """A batch of vectors, or of sequences of vectors, is taken row by row"""
    import torch

    n, m = rng.sample(range(3, 9), 2)
    module, _, expected = set_up(cell, rng, n, m)
    for shape in ((5, n), (2, 4, n), (n, n), (1, n)):
        x = draw_input(rng, *shape)
        y = applied(module, x, (*shape[:-1], m))
        assert torch.allclose(y, expected(x), atol=TOLERANCE), feedback(
            "the output for a batch is not Wx + b for each of its rows",
            hint="`x @ W.T` takes the last axis of x, whatever stands before it; `W @ x` takes one vector only.")


@pytest.mark.points(1)
def test_an_optimizer_can_train_it(cell, rng):
    """One step of gradient descent changes weight and bias, and brings the output nearer to its target"""
    import torch

    n, m = rng.sample(range(3, 9), 2)
    module, _, expected = set_up(cell, rng, n, m)
    x, rate = draw_input(rng, 6, n), 0.001
    step = a_mapping(cell.probe("train_step", module, x, rate), "a training step")
    after = a_tensor(step.get("after"), "the output", (6, m)).float()
    moved = step.get("moved")
    assert isinstance(moved, list) and len(moved) >= 2, feedback(
        "a step of gradient descent leaves weight or bias as it was",
        hint="Both must be `nn.Parameter`, and `forward` must use them as they are: no `.data`, no `.detach()`.")
    # The probe runs on the student's side, so its word counts only where it agrees with the same step taken here.
    pull = 2 * (expected(x) - 1)
    due = expected(x) - rate * (x @ (pull.T @ x).T + pull.sum(0))
    assert torch.allclose(after, due, atol=1e-4), feedback(
        "a step of gradient descent does not bring the output nearer to its target", hint="Use both parameters in `forward`.")


@pytest.mark.points(1)
def test_each_layer_has_parameters_of_its_own(cell, rng):
    """Two layers share nothing"""
    import torch

    n, m = rng.sample(range(3, 9), 2)
    one, _, _ = set_up(cell, rng, n, m)
    x = draw_input(rng, n)
    before = applied(one, x, (m,))
    set_up(cell, rng, n, m)
    assert torch.equal(applied(one, x, (m,)), before), feedback(
        "setting the parameters of one layer changes another", hint="Make the parameters in `__init__`, as `self.…`.")
