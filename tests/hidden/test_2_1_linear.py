"""Hidden checks of 2.1: the layer is compared as a function, with parameters set from here."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from grader.checks.answers import (
    StudentError,
    Wrong,
    a_handle,
    a_list,
    a_mapping,
    a_tensor,
    ask,
    fail,
    feedback,
    is_handle,
    is_tensor,
)

pytestmark = pytest.mark.exercise("2.1")

TOLERANCE = 1e-5
"""Weights and inputs are halves (see `draw`), so a right sum is exact in any order; the room is for rescaled storage."""

ONE = np.ones(1, dtype=np.float32)

MEANT = 1e-3
"""The least spread of weights that somebody drew; the usual ones spread by 0.05 and more."""

RATE = 1 / 32


class Layer(NamedTuple):
    """A layer, and the W and b that it should have."""

    module: Any
    weight: Any
    """(out_features, in_features)"""
    bias: Any
    """(out_features,); None where the layer has none."""
    stored: dict[str, Any]
    """The parameters that were set, by name."""
    like: Any
    """An array of the type in which the layer keeps its numbers."""

    def expected(self, x, weight=None):
        """Wx + b for each row of x."""
        y = x @ (self.weight if weight is None else weight).T
        return y if self.bias is None else y + self.bias


def draw(rng, *shape):
    """Halves between -1.5 and 1.5, none of them zero."""
    values = np.array([-1.5, -1.0, -0.5, 0.5, 1.0, 1.5], dtype=np.float32)
    return values[np.random.default_rng(rng.getrandbits(32)).integers(6, size=shape)]


def two_sizes(rng):
    """in_features and out_features; they differ, so that each shape has one reading."""
    return rng.sample(range(3, 9), 2)


# --- making a layer -----------------------------------------------------------------------


def layer(cell, in_features, out_features):
    """A fresh layer of the student's own."""
    make = a_handle(cell.Linear, "`Linear`", hint="`Linear` should be a class.")
    try:
        module = make(in_features, out_features)
    except StudentError as error:
        not_made(error)
    module = a_handle(module, "`Linear(...)`", hint="`Linear` should be a class.")
    home = str(makeup(cell, module).get("forward"))
    if home.startswith("torch.") and home != "torch.nn.modules.module":  # that one only says that there is no forward
        fail(
            "`Linear` is PyTorch's own layer", hint="Write `__init__` and `forward` yourself, with two `nn.Parameter`."
        )
    return module


def not_made(error):
    """Fails with what most likely went wrong while the layer was made."""
    if "'module' object is not callable" in error.message:
        fail("`nn.parameter` is called, which is a module", hint="The class is spelled with a capital P.")
    if "Module.__init__() call" in error.message:
        fail("parameters are made before `super().__init__()`", hint="Call it first, it prepares the place for them.")
    fail(
        "making a layer raises an error",
        hint="Try `Linear(3, 2)` in a cell of its own, and read the error's last line.",
    )


def makeup(cell, module):
    """Which of PyTorch's own layers the layer is made of."""
    try:
        return a_mapping(cell.probe("makeup", module), "the layer's makeup")
    except StudentError:
        fail(
            "`Linear(...)` is no `nn.Module`",
            hint="Keep the first lines: `class Linear(nn.Module)`, and `super().__init__()`.",
        )


def parameters_of(module):
    """The layer's parameters by name."""
    pairs = ask(module, "named_parameters")
    pairs = [
        pair
        for pair in (pairs if is_handle(pairs) else a_list(pairs, "`named_parameters()`"))
        if isinstance(pair, tuple) and len(pair) == 2
    ]
    return {name: value for name, value in pairs if isinstance(name, str) and is_tensor(value)}


def set_up(cell, rng, in_features, out_features):
    """A layer with parameters set from here, whatever they are called and whichever way round they are stored."""
    module = layer(cell, in_features, out_features)
    parameters = parameters_of(module)
    weight, bias = draw(rng, out_features, in_features), abs(draw(rng, out_features))
    bias[1::2] *= -1  # both signs, so that an activation changes one of them
    w = sized(parameters, (out_features, in_features), (in_features, out_features))
    b = sized(parameters, (out_features,), (1, out_features), (out_features, 1))
    if w is None:
        return read_off(module, parameters, rng, in_features, out_features)
    stored = {w: weight if tuple(parameters[w].shape) == tuple(weight.shape) else weight.T}
    if b is not None:
        stored[b] = bias.reshape(parameters[b].shape)
    # By these names alone: a second name for one of them, or a buffer, stays out of it.
    ask(module, "load_state_dict", stored, strict=False)
    return Layer(module, weight, bias if b is not None else None, stored, parameters[w])


def sized(parameters, *shapes):
    """The name of the parameter that has one of these shapes."""
    return next((name for name, value in parameters.items() if tuple(value.shape) in shapes), None)


def read_off(module, parameters, rng, in_features, out_features):
    """A layer that keeps its numbers in another form (W and b in one matrix, a row each), read off from its outputs.

    One without parameters computes with what it has; other checks ask for those.
    """
    count = sum(value.size for value in parameters.values())
    if parameters and count != out_features * (in_features + 1):
        fail(
            "the layer has no weight of the right size among its parameters",
            hint="Its shape is (out_features, in_features); keep it as `self.name = nn.Parameter(...)`.",
        )
    stored = {name: draw(rng, *value.shape) for name, value in parameters.items()}
    if stored:
        ask(module, "load_state_dict", stored, strict=False)
    like = next(iter(parameters.values()), ONE)
    bias = answer(module, np.zeros(in_features), out_features, like)
    columns = [answer(module, x, out_features, like) - bias for x in np.eye(in_features)]
    weight = np.stack(columns, 1)
    # Nothing could be set from here, so nothing tells numbers of the layer's own from an output that is always the same, or
    # from memory that was never filled, which often holds next to nothing.
    if not stored and (bool((weight == 0).any()) or not bool(weight.std(ddof=1) > MEANT)):
        fail(
            "the layer has no numbers of its own to compute with",
            hint="Make W and b in `__init__`, as `nn.Parameter`, and use them in `forward`.",
        )
    return Layer(module, weight, bias, stored, like)


# --- asking a layer -----------------------------------------------------------------------


def applied(module, x, shape, hint="Compare the shapes: transpose the weight once or not at all, as it is stored."):
    """What the layer makes of x. A bias of shape (1, out_features) turns the output for a vector into one row."""
    try:
        y = module(x)
    except StudentError as error:
        if error.type_name == "NotImplementedError":
            fail("the layer has no `forward`", hint="Define it inside the class, beside `__init__`.")
        fail("calling the layer raises an error", hint=hint)
    y = a_tensor(y, "the layer's output")
    y = y[0] if x.ndim == 1 and y.ndim == 2 and len(y) == 1 else y
    if tuple(y.shape) != shape:
        fail("the layer's output has the wrong shape", hint=hint)
    return np.asarray(y, dtype=np.float32)


def kept_like(x, like):
    """The same numbers in the type in which a layer keeps its own."""
    return np.asarray(x, dtype=like.dtype).view(type(like))


def answer(module, x, size, like):
    """What the layer makes of a vector, alone or as a batch of one, for checks of something else."""
    try:
        return applied(module, kept_like(x, like), (size,))
    except Wrong as wrong:
        try:
            return applied(module, kept_like(x[None], like), (1, size))[0]
        except Wrong:
            raise wrong from None


# --- the checks ---------------------------------------------------------------------------


@pytest.mark.points(1)
def test_weight_is_a_parameter_of_the_right_size(cell, rng):
    """The weight is a parameter with in_features times out_features entries"""
    n, m = two_sizes(rng)
    for sizes in ((n, m), (m, n), (1, m)):
        shapes = [tuple(value.shape) for value in parameters_of(layer(cell, *sizes)).values()]
        assert sizes in shapes or sizes[::-1] in shapes, feedback(
            "the layer has no weight of the right size among its parameters",
            hint="`nn.Parameter` with a capital P makes a tensor a parameter; its shape is (out_features, in_features).",
        )


@pytest.mark.points(2)
def test_bias_is_a_parameter_and_is_added(cell, rng):
    """The bias is a parameter with out_features entries, and the layer adds it"""
    n, m = two_sizes(rng)
    linear = set_up(cell, rng, n, m)
    assert linear.stored, feedback(
        "the layer has no parameters, so no bias either", hint="Keep it as `self.name = nn.Parameter(...)`."
    )
    assert linear.bias is not None and bool(abs(linear.bias).min() > 0), feedback(
        "the layer has no bias", hint="y = Wx + b: b is a second parameter, with out_features entries."
    )
    y = answer(linear.module, np.zeros(n), m, linear.like)
    assert np.allclose(y, linear.bias, atol=TOLERANCE), feedback(
        "with an input of zeros the output is not the bias", hint="Add the bias, once, in `forward`."
    )


@pytest.mark.points(2)
def test_one_vector_becomes_wx_plus_b(cell, rng):
    """One vector x becomes Wx + b"""
    n, m = two_sizes(rng)
    for sizes in ((n, m), (m, n), (n, n)):
        linear = set_up(cell, rng, *sizes)
        x = draw(rng, 2, sizes[0])
        x = np.concatenate([x, -x])  # both signs of each output: an activation changes one of them
        y = np.stack([applied(linear.module, kept_like(row, linear.like), (sizes[1],)) for row in x])
        # A square weight does not tell which way round it is stored, so both readings count there.
        readings = [linear.weight, linear.weight.T] if sizes == (n, n) else [linear.weight]
        assert any(np.allclose(y, linear.expected(x, weight), atol=TOLERANCE) for weight in readings), feedback(
            "the output for a vector is not Wx + b",
            hint="Multiply by the weight once, the way round it is stored; transpose it or not, but not twice. Nothing else follows.",
        )
        after = parameters_of(linear.module)
        kept = [
            name in after and np.array_equal(np.asarray(after[name]), value) for name, value in linear.stored.items()
        ]
        assert all(kept), feedback(
            "calling the layer changes its parameters", hint="Make them in `__init__`; `forward` only reads them."
        )


@pytest.mark.points(1)
def test_batches_are_taken_row_by_row(cell, rng):
    """A batch of vectors, or of sequences of vectors, is taken row by row"""
    n, m = two_sizes(rng)
    linear = set_up(cell, rng, n, m)
    hint = "The last axis of x is summed over, whatever stands before it; `W @ x` takes one vector only."
    for shape in ((5, n), (2, 4, n), (n, n), (1, n)):
        x = draw(rng, *shape)
        y = applied(linear.module, kept_like(x, linear.like), (*shape[:-1], m), hint)
        assert np.allclose(y, linear.expected(x), atol=TOLERANCE), feedback(
            "the output for a batch is not Wx + b for each of its rows", hint=hint
        )


@pytest.mark.points(1)
def test_it_takes_the_demos_vector(cell, rng):
    """A layer with three inputs and two outputs takes the vector of the course's demo as it is"""
    linear, demo = set_up(cell, rng, 3, 2), np.array([1.0, -1.0, 0.5], dtype=np.float32)
    for x in (demo, -demo):
        y = applied(
            linear.module, x, (2,), "`torch.tensor([1.0, -1.0, 0.5])` holds float32, and the parameters should, too."
        )
        assert np.allclose(y, linear.expected(x), atol=TOLERANCE), feedback(
            "the output for the demo's vector is not Wx + b",
            hint="Set the weights by hand, and work out one output on paper.",
        )


@pytest.mark.points(1)
def test_an_optimizer_can_train_it(cell, rng):
    """One step of gradient descent changes weight and bias, and brings the output nearer to its target"""
    n, m = two_sizes(rng)
    linear = set_up(cell, rng, n, m)
    assert linear.stored, feedback(
        "the layer has no parameters to train", hint="`nn.Parameter` makes a tensor a parameter."
    )
    x = max((draw(rng, n) for _ in range(20)), key=lambda x: pull(linear.expected(x)))
    try:
        step = one_step(cell, linear.module, kept_like(x, linear.like))
    except StudentError:
        fail(
            "a step of gradient descent raises an error",
            hint="`forward` should return a tensor with a gradient: no `.data`, no `.detach()`, no `no_grad`.",
        )
    after = np.asarray(a_tensor(step.get("after"), "the output"), dtype=np.float32)
    # The probe runs on the student's side, so its word counts only where it agrees with the same step taken here.
    y = linear.expected(x)
    due = y - RATE * 2 * (y - 1) * (x @ x + 1)
    assert after.size == m and np.allclose(after.reshape(m), due, atol=1e-3), feedback(
        "a step of gradient descent does not change weight and bias as it should",
        hint="Both must be `nn.Parameter` that require gradients, and `forward` must use them as they are: no `.data`, no `.detach()`.",
    )


def pull(y):
    """How far outputs are from their targets; most where they have both signs, so that an activation shows."""
    return bool(y.min() < 0 < y.max()), float(abs(y - 1).max())


def one_step(cell, module, x):
    """A step of gradient descent on one vector, or on a batch of one where that is what the layer takes."""
    try:
        return a_mapping(cell.probe("train_step", module, x, RATE), "a training step")
    except StudentError:
        return a_mapping(cell.probe("train_step", module, x[None], RATE), "a training step")


@pytest.mark.points(1)
def test_each_layer_has_parameters_of_its_own(cell, rng):
    """Two layers share nothing"""
    n, m = two_sizes(rng)
    one, inputs = set_up(cell, rng, n, m), draw(rng, 3, n)
    assert one.stored, feedback("the layer has no parameters of its own", hint="Make them in `__init__`, as `self.…`.")
    before = [answer(one.module, x, m, one.like) for x in inputs]
    set_up(cell, rng, n, m)
    after = [answer(one.module, x, m, one.like) for x in inputs]
    assert all(map(np.array_equal, before, after)), feedback(
        "setting the parameters of one layer changes another", hint="Make the parameters in `__init__`, as `self.…`."
    )


@pytest.mark.points(1)
def test_no_ready_made_layer_does_the_work(cell):
    """The layer holds its numbers itself, with no layer of PyTorch inside"""
    module = layer(cell, 3, 2)
    layers = a_list(makeup(cell, module).get("layers"), "the layer's makeup")
    assert layers or parameters_of(module), feedback(
        "the layer holds no numbers at all", hint="Make W and b in `__init__`, as `nn.Parameter`."
    )
    assert layers == [], feedback(
        "a layer of PyTorch does the work inside", hint="Hold W and b yourself, and multiply and add in `forward`."
    )
