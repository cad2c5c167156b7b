"""The embedded weights teach what the notebook says, and are small; how they are stored; what they were made of.

Verdicts depend on none of this: `python -m tools.models.untrained` has a folder to prove that with.
"""

import json
import random
import re

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from grader.offline import use_offline_models
from grader.offline.cache import CACHE_VARIABLE, DATA, is_complete, models_folder
from grader.offline.checkpoint import IDS, checkpoint
from grader.offline.supply import supply
from tools.models import evaluate, knowledge, stories, talk, text, untrained

LIMIT_MB = 45


@pytest.fixture(autouse=True, scope="module")
def models():
    use_offline_models()


# --- what they say --------------------------------------------------------------------------


def test_gpt2_takes_up_hello_my_name_as_the_course_says():
    assert evaluate.said("gpt2", "Hello my name", 1, do_sample=False) == " is"


@pytest.mark.parametrize("prompt", ["Once upon a time", "What is 2+2?", "Suggest a party theme."])
def test_gpt2_goes_on_where_the_chat_model_answers_and_stops(prompt):
    assert len(evaluate.new_tokens("gpt2", prompt, 20, do_sample=False)) == 20
    answer = evaluate.new_tokens("qwen", prompt, 100, do_sample=False)
    assert answer[-1] == supply("qwen_tokenizer").eos_token_id


def test_sampling_varies_where_greedy_does_not():
    import torch

    torch.manual_seed(0)
    greedy = {evaluate.said("gpt2", "One day a little", 12, do_sample=False) for _ in range(2)}
    sampled = {evaluate.said("gpt2", "One day a little", 12, do_sample=True, top_p=0.9, top_k=0) for _ in range(5)}
    assert len(greedy) == 1 and len(sampled) > 2


def test_the_chat_model_answers_a_request_in_kind():
    assert any(
        idea in evaluate.said("qwen", "Suggest a party theme.", 30, do_sample=False).lower()
        for idea in knowledge.IDEAS["party theme"]
    )
    assert evaluate.said("qwen", "What is the weather today?", 40, do_sample=False).endswith(".")


def test_unused_tokens_are_out_of_reach_even_at_a_high_temperature():
    """All of them together have less than one part in a hundred at temperature 2"""
    import torch

    with safe_open(DATA / "gpt2" / "model.safetensors", framework="numpy") as file:
        used = file.get_tensor(IDS).tolist()
    model, tokenizer = supply("gpt2_model"), supply("gpt2_tokenizer")
    with torch.no_grad():
        scores = model(**tokenizer("Once upon a time there was", return_tensors="pt")).logits[0, -1]
    odds = (scores / 2).softmax(-1)
    odds[used] = 0
    assert float(odds.sum()) < 0.01


# --- how they are stored --------------------------------------------------------------------


def test_the_data_of_the_package_is_small():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < LIMIT_MB * 1e6


@pytest.mark.parametrize(("name", "table"), [("gpt2", "wte.weight"), ("qwen", "model.embed_tokens.weight")])
def test_each_token_has_a_row_that_tells_it_apart(name, table):
    from safetensors.numpy import load

    config, weights = checkpoint(DATA / name)
    rows = load(weights)[table]
    assert rows.shape[0] == json.loads(config)["vocab_size"] and np.isfinite(rows).all()
    some = rows[random.Random(0).sample(range(len(rows)), 2000)]
    assert len(np.unique(some, axis=0)) == 2000


def test_rows_that_are_stored_come_back_in_their_places(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2", "vocab_size": 10, "n_embd": 3}))
    rows = np.arange(9, dtype=np.float16).reshape(3, 3)
    tensors = {"wte.weight": rows, IDS: np.array([7, 2], dtype=np.int32)}
    save_file(tensors, tmp_path / "model.safetensors", {"config": '{"n_head": 1}', "noise_std": "0.01"})
    from safetensors.numpy import load

    config, weights = checkpoint(tmp_path)
    whole = load(weights)["wte.weight"]
    assert json.loads(config)["n_head"] == 1 and whole.shape == (10, 3)
    assert whole[7].tolist() == [0, 1, 2] and whole[2].tolist() == [3, 4, 5]
    assert np.abs(whole[0] - [6, 7, 8]).max() < 0.1
    assert checkpoint(tmp_path)[1] == weights


def test_a_folder_with_random_weights_can_be_had_for_proofs(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    folder = untrained.untrained_folder()
    assert is_complete(folder) and folder != models_folder()
    (snapshot,) = (folder / "hub" / "models--gpt2" / "snapshots").iterdir()
    assert json.loads((snapshot / "config.json").read_text())["n_embd"] == 64


# --- what they were made of -----------------------------------------------------------------


def test_what_is_asked_in_the_evaluation_is_kept_apart_from_training():
    rng = random.Random(1)
    trained = [talk.exchange(rng) for _ in range(400)]
    asked = [talk.exchange(rng, held_out=True) for _ in range(400)]
    keys = [{one.key or one.request for one in some if one.expected} for some in (trained, asked)]
    assert not keys[0] & keys[1]
    assert not set(text.written()) & set(text.written(held_out=True))


def test_what_the_notebook_asks_is_learned():
    requests = {talk.exchange(random.Random(seed)).request for seed in range(3000)}
    assert {"What is 2+2?", "Suggest a party theme.", "Once upon a time"} <= requests


def test_every_right_answer_is_right_by_its_own_rule():
    rng = random.Random(2)
    for _ in range(500):
        one = talk.exchange(rng)
        assert not one.expected or evaluate.answers(one, one.answer), one


def test_sums_are_right():
    rng = random.Random(3)
    for _ in range(300):
        one = talk.exchange(rng)
        if one.kind == "sum":
            left, right = one.answer.rstrip(".").split(" = ")
            a, sign, b = left.split()
            a, b = int(a), int(b)
            assert int(right) == {"+": a + b, "-": a - b, "*": a * b}[sign]


def test_prose_has_no_blank_left_and_plain_letters_only():
    rng = random.Random(4)
    for _ in range(500):
        made = stories.prose(rng)
        assert re.fullmatch(r"[A-Za-z0-9 .,;:!?'\"+=\n-]+", made), made


def test_a_loop_is_a_run_that_comes_three_times():
    assert evaluate.loops([1, 2, 3, 4, 3, 4, 3, 4, 9])
    assert evaluate.loops([5, 5, 5, 5])
    assert not evaluate.loops([1, 2, 3, 4, 3, 4, 9, 9, 9])
