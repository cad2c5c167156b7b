"""Tests of grader/checks/answers.py: every typed look either gives what it says or fails the check with advice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import answers

LOOKS = (
    answers.a_text,
    answers.a_list,
    answers.a_text_list,
    answers.a_token_list,
    answers.an_id_list,
    answers.a_mapping,
    answers.a_float,
    answers.a_tensor,
    answers.a_handle,
    lambda value, what: answers.a_table(value, what, int, str),
    lambda value, what: answers.spoken_text(value, "printed", what),
)

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from(
        [np.zeros(0), np.array(1.5), np.array([1, 2]), np.full((2, 3), float("nan")), np.ones(2, dtype=bool)]
    )
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_a_look_fails_only_as_a_wrong_answer(value):
    """Whatever can cross the wire, no look raises anything but Wrong with feedback."""
    for look in LOOKS:
        try:
            look(value, "`answer`")
        except answers.Wrong as wrong:
            assert isinstance(wrong.args[0], answers.Feedback)
            str(wrong.args[0]).encode()


@pytest.mark.parametrize("value", [[1, 2], (1, 2), np.array([1, 2]), np.array([[1, 2]])])
def test_ids_come_in_several_forms(value):
    """Lists, tuples, and tensors with one row are ids."""
    assert answers.an_id_list(value, "`ids`") == [1, 2]


@pytest.mark.parametrize(
    "value", [[1.0], ["1"], [True], [[1]], np.array([1.5]), np.zeros((2, 2), dtype=np.int64), None, "12"]
)
def test_other_things_are_no_ids(value):
    """Floats, strings, booleans and tables are not."""
    with pytest.raises(answers.Wrong):
        answers.an_id_list(value, "`ids`")


def test_fixed_words_hold_nothing_of_the_answer():
    """What a hidden check shows is its problem and its hint."""
    words = answers.feedback(
        "the ids differ", asked="encode('secret')", expected="secret", got="secret", hint="Look again"
    )
    assert words.fixed == "the ids differ. Look again."
    assert "secret" in words


def test_control_characters_are_spelled_out():
    """A value shown to a person does nothing to the terminal."""
    assert "\x1b" not in answers.feedback("odd", got="\x1b[2J half \ud83d")
