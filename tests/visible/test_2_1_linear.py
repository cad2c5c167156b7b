"""Visible checks of 2.1: a layer with three inputs and two outputs."""

import pytest

from grader.suite import a_handle, a_mapping, a_tensor, ask, feedback

pytestmark = pytest.mark.exercise("2.1")


def parameters_of(layer):
    """The layer's parameters by name."""
    state = a_mapping(ask(layer, "state_dict"), "the layer's state")
    return {str(name): a_tensor(value, f"the parameter {name}") for name, value in state.items()}


def test_it_has_a_weight_and_a_bias(cell):
    """`Linear(3, 2)` has a weight with six entries and a bias with two"""
    layer = a_handle(ask(cell, "Linear", 3, 2), "`Linear(3, 2)`")
    shapes = {name: tuple(value.shape) for name, value in parameters_of(layer).items()}
    sizes = sorted(value.numel() for value in parameters_of(layer).values())
    assert sizes == [2, 6], feedback("a linear layer has two parameters", asked="Linear(3, 2).state_dict()", got=shapes,
                                     expected="shapes (2, 3) and (2,)", hint="`nn.Parameter` makes a tensor a parameter.")


def test_it_computes_wx_plus_b(cell):
    """With the weights set by hand, [1, 2, 3] becomes Wx + b"""
    import torch

    layer = a_handle(ask(cell, "Linear", 3, 2), "`Linear(3, 2)`")
    weight, bias = torch.tensor([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), torch.tensor([10.0, 20.0])
    state = parameters_of(layer)
    state = {name: bias.reshape(value.shape) if value.numel() == 2 else weight if value.shape[0] == 2 else weight.T.contiguous()
             for name, value in state.items() if value.numel() in (2, 6)}
    ask(layer, "load_state_dict", state)
    # By hand: 1*1 + 0*2 - 1*3 + 10 = 8 and 2*1 + 1*2 + 0*3 + 20 = 24.
    for x, due in ((torch.tensor([1.0, 2.0, 3.0]), [8.0, 24.0]), (torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), [[8.0, 24.0], [10.0, 20.0]])):
        y = a_tensor(layer(x), "the output").tolist()
        assert y in (due, [due]), feedback("the output is not Wx + b", asked=f"x = {x.tolist()}, W = {weight.tolist()}, b = {bias.tolist()}",
                                  expected=due, got=y)


def test_it_can_learn(cell):
    """One step of gradient descent changes weight and bias"""
    import torch

    layer = a_handle(ask(cell, "Linear", 3, 2), "`Linear(3, 2)`")
    step = a_mapping(cell.probe("train_step", layer, torch.tensor([[1.0, -1.0, 0.5]]), 0.1), "a training step")
    moved = step.get("moved")
    assert isinstance(moved, list) and len(moved) == 2, feedback("an optimizer should move both parameters", expected="two that moved", got=moved)
