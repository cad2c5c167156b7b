"""The offline models: real vocabularies, telling weights, and nothing that needs the network or writes.

The figures that other tests may count on stand in the asserts of `test_*_likely_*` and the ones after it.
"""

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from grader.errors import KitError
from grader.offline import layout, offline_environment, use_offline_models, vocabulary
from grader.offline.cache import CACHE_VARIABLE, DATA, models_folder
from grader.offline.supply import supply
from grader.offline.weights import random_weights
from tools.models import vocabularies as tool

if TYPE_CHECKING:
    import torch

    Continuations = list[tuple[torch.Tensor, torch.Tensor]]

ROOT = Path(__file__).parents[2]
QWEN = "Qwen/Qwen1.5-1.8B-Chat"
PROMPTS = ("Once upon a time", "What is 2+2?", "Suggest a party theme.", "Hello my name", "The capital of France is")
TEXTS = (
    "",
    " ",
    "a",
    "Hello world",
    "  two  spaces ",
    "tabs\tand\nlines\r\n\r\n",
    "I'm sure they'll've done it, we'd say",
    "The 🌟 star-programmer implemented AGI overnight.",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "naïve café",
    "日本語のテキスト",
    "Привет, мир",
    "مرحبا",
    "नमस्ते",
    "1234567890 3.14159 1,000,000",
    "x = {'a': [1, 2]}  # code",
    "antidisestablishmentarianism",
    "e\u0301 is \u00e9",
    "a" * 100,
    "\x00\x01\x7f",
    "\u200b\ufeff",
    "\U0001d518",
    "!?…—“quotes”",
)


@pytest.fixture(scope="module", autouse=True)
def models() -> Iterator[Path]:
    """The laid-out folder; torch on one thread, as in grading, so that a busy machine slows nothing down."""
    folder = use_offline_models()
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield folder
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def gpt2() -> SimpleNamespace:
    return SimpleNamespace(model=supply("gpt2_model"), tokenizer=supply("gpt2_tokenizer"))


@pytest.fixture(scope="module")
def qwen() -> SimpleNamespace:
    return SimpleNamespace(model=supply("qwen_model"), tokenizer=supply("qwen_tokenizer"))


def python(
    code: str, environment: dict[str, str] | None = None, prefix: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Runs code in a new process with a bare environment."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME", CACHE_VARIABLE, "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [*prefix, sys.executable, "-c", textwrap.dedent(code)],
        env=bare | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="module")
def no_network() -> tuple[str, ...]:
    """A prefix that runs a command without network, where this system has one."""
    prefix = ("unshare", "--user", "--map-root-user", "--net")
    return prefix if works(*prefix, "true") else ()


def works(*command: str) -> bool:
    """Whether this system has the command and lets us run it."""
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True, check=False).returncode == 0


# --- vocabularies -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "text", "ids"),
    [
        ("gpt2", "Hello world", [15496, 995]),
        ("gpt2", "hello world", [31373, 995]),
        ("gpt2", "<|endoftext|>", [50256]),
        ("r50k_base", "hello world", [31373, 995]),
        ("p50k_base", "hello world", [31373, 995]),
        ("p50k_base", "a" + " " * 25, [64, 50280]),
        ("cl100k_base", "hello world", [15339, 1917]),
        ("o200k_base", "hello world", [24912, 2375]),
    ],
)
def test_tiktoken_gives_the_published_ids(encoding: str, text: str, ids: list[int]) -> None:
    import tiktoken

    assert tiktoken.get_encoding(encoding).encode(text, allowed_special="all") == ids


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
        ("gpt2", "gpt2"),
        ("davinci", "r50k_base"),
        ("text-davinci-003", "p50k_base"),
        ("gpt-4o", "o200k_base"),
    ],
)
def test_tiktoken_knows_encodings_by_model(model: str, encoding: str) -> None:
    import tiktoken

    assert tiktoken.encoding_for_model(model).name == encoding


def test_hub_tokenizers_give_the_published_ids(gpt2: SimpleNamespace, qwen: SimpleNamespace) -> None:
    assert gpt2.tokenizer("Hello world")["input_ids"] == [15496, 995]
    assert gpt2.tokenizer(" Hello world")["input_ids"] == [18435, 995]
    assert qwen.tokenizer("Hello")["input_ids"] == [9707]
    assert qwen.tokenizer("<|im_start|>user\n")["input_ids"] == [151644, 872, 198]


@pytest.mark.parametrize("text", TEXTS)
def test_gpt2_of_the_hub_agrees_with_tiktoken(gpt2: SimpleNamespace, text: str) -> None:
    import tiktoken

    ids = gpt2.tokenizer(text)["input_ids"]
    assert ids == tiktoken.get_encoding("gpt2").encode(text)
    assert gpt2.tokenizer.decode(ids) == text


@pytest.fixture(scope="module")
def published_qwen() -> Callable[[str], list[int]]:
    """Qwen's encoding as its publisher computes it: with tiktoken, from the ranks."""
    import unicodedata

    import tiktoken

    ranks = {token: number for number, token in enumerate(vocabulary.qwen_tokens(DATA))}
    encoding = tiktoken.Encoding("qwen", pat_str=vocabulary.QWEN_SPLIT, mergeable_ranks=ranks, special_tokens={})
    return lambda text: encoding.encode(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", TEXTS)
def test_qwen_of_the_hub_agrees_with_tiktoken(
    qwen: SimpleNamespace, published_qwen: Callable[[str], list[int]], text: str
) -> None:
    assert qwen.tokenizer(text)["input_ids"] == published_qwen(text)


def test_long_mixed_text_has_the_same_ids_in_both_libraries(
    gpt2: SimpleNamespace, qwen: SimpleNamespace, published_qwen: Callable[[str], list[int]]
) -> None:
    import random

    import tiktoken

    drawn = random.Random(7)
    tokens = vocabulary.qwen_tokens(DATA)
    text = b"".join(drawn.choices(tokens, k=20_000)).decode("utf-8", errors="ignore")
    assert gpt2.tokenizer(text)["input_ids"] == tiktoken.get_encoding("gpt2").encode(text)
    assert qwen.tokenizer(text)["input_ids"] == published_qwen(text)


def test_merges_computed_from_gpt2s_tokens_are_the_published_ones() -> None:
    """The computation that serves Qwen, whose publisher gives ranks only, proven on GPT-2, where both are known."""
    merges = vocabulary.gpt2_merges(DATA)
    assert vocabulary.merges_of(vocabulary.gpt2_tokens(merges)) == merges


def test_qwens_vocabulary_is_the_published_one() -> None:
    content = vocabulary.tiktoken_file(vocabulary.qwen_tokens(DATA))
    (origin,) = (origin for origin in tool.ORIGINS if origin.package == "dashscope")
    assert hashlib.sha256(content).hexdigest() == origin.published_sha256


def test_special_tokens_are_the_real_ones(gpt2: SimpleNamespace, qwen: SimpleNamespace) -> None:
    assert (gpt2.tokenizer.eos_token_id, gpt2.tokenizer.bos_token_id) == (50256, 50256)
    assert gpt2.tokenizer.pad_token is None
    assert (qwen.tokenizer.eos_token, qwen.tokenizer.eos_token_id) == ("<|im_end|>", 151645)
    assert (qwen.tokenizer.pad_token, qwen.tokenizer.pad_token_id) == ("<|endoftext|>", 151643)
    assert (len(gpt2.tokenizer), len(qwen.tokenizer)) == (50257, 151646)
    assert qwen.tokenizer.decode([151644, 9707, 151645], skip_special_tokens=True) == "Hello"
    assert {"<|im_start|>", "<|im_end|>", "<|endoftext|>"} == set(qwen.tokenizer.all_special_tokens)


def test_chat_template_is_chatml_with_qwens_default_system_prompt(qwen: SimpleNamespace) -> None:
    said = {"user": "Hi", "assistant": "Hello!"}
    talk = [{"role": role, "content": text} for role, text in said.items()] + [{"role": "user", "content": "2+2?"}]
    assert qwen.tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=True) == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
        "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
    )
    own = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    assert qwen.tokenizer.apply_chat_template(own, tokenize=False) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
    )


# --- names --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*layout.GPT2_NAMES, *layout.QWEN_NAMES])
def test_every_name_finds_its_model(name: str) -> None:
    from transformers import AutoConfig
    from transformers.utils import cached_file

    assert AutoConfig.from_pretrained(name).model_type == ("qwen2" if "Qwen" in name else "gpt2")
    for file in ("tokenizer.json", "vocab.json", "merges.txt", "model.safetensors", "generation_config.json"):
        assert Path(cached_file(name, file)).is_file()


def test_every_class_of_the_notebook_loads() -> None:
    import transformers

    for loader in ("AutoTokenizer", "GPT2TokenizerFast", "GPT2Tokenizer"):
        assert getattr(transformers, loader).from_pretrained("gpt2")("Hello world")["input_ids"] == [15496, 995]
    for loader in ("GPT2LMHeadModel", "AutoModelForCausalLM", "GPT2Model", "AutoModel"):
        assert not getattr(transformers, loader).from_pretrained("openai-community/gpt2").training
    for words in ({"dtype": "auto"}, {"torch_dtype": "auto"}, {"low_cpu_mem_usage": True}, {"trust_remote_code": True}):
        assert transformers.AutoModelForCausalLM.from_pretrained(QWEN, **words).dtype.is_floating_point
    spoken = transformers.pipeline("text-generation", "gpt2")("Hello", max_new_tokens=3)
    assert spoken[0]["generated_text"].startswith("Hello")


def test_device_map_needs_accelerate_as_it_does_with_the_real_models() -> None:
    import transformers

    if transformers.utils.is_accelerate_available():
        assert transformers.AutoModelForCausalLM.from_pretrained("gpt2", device_map="auto").device.type == "cpu"
        return
    with pytest.raises((ValueError, ImportError), match=r"(?i)accelerate"):
        transformers.AutoModelForCausalLM.from_pretrained("gpt2", device_map="auto")


# --- weights ------------------------------------------------------------------------------


def test_models_have_the_architecture_of_the_real_ones(gpt2: SimpleNamespace, qwen: SimpleNamespace) -> None:
    config = gpt2.model.config
    assert (config.n_layer, config.vocab_size, config.n_positions) == (12, 50257, 1024)
    assert len(gpt2.model.transformer.h) == 12
    assert gpt2.model.lm_head.weight is gpt2.model.transformer.wte.weight
    assert qwen.model.config.vocab_size == 151936
    assert qwen.model.lm_head.weight is qwen.model.model.embed_tokens.weight
    assert type(gpt2.model).__name__ == "GPT2LMHeadModel"
    assert type(qwen.model).__name__ == "Qwen2ForCausalLM"
    assert qwen.model.generation_config.eos_token_id == [151645, 151643]


def test_random_weights_are_the_same_on_every_machine() -> None:
    digests = {}
    for name in ("gpt2", "qwen"):
        config = json.loads((DATA / name / "config.json").read_bytes())
        weights = random_weights(config)
        digests[name] = hashlib.sha256(b"".join(weights[key].tobytes() for key in sorted(weights))).hexdigest()[:16]
        assert all(values.dtype == np.float32 and np.isfinite(values).all() for values in weights.values())
    assert digests == {"gpt2": "94140c96d0de75e4", "qwen": "5c49d31654a4d337"}


def test_other_seeds_give_other_weights() -> None:
    config = json.loads((DATA / "gpt2" / "config.json").read_bytes())
    first, second = random_weights(config, 1), random_weights(config, 2)
    assert first.keys() == second.keys()
    assert not any(np.array_equal(first[name], second[name]) for name in first)


def chat(tokenizer: Any, prompt: str) -> "torch.Tensor":
    talk = [{"role": "user", "content": prompt}]
    text = tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
    return tokenizer(text, return_tensors="pt").input_ids


def greedy(model: Any, ids: "torch.Tensor", length: int = 100) -> "tuple[torch.Tensor, torch.Tensor]":
    """The new tokens, and the probabilities from which each was taken."""
    import torch

    with torch.no_grad():
        made = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=length,
            do_sample=False,
            repetition_penalty=1.0,
            pad_token_id=0,
            output_scores=True,
            return_dict_in_generate=True,
        )
    return made.sequences[0, ids.shape[1] :], torch.stack([scores[0].softmax(-1) for scores in made.scores])


@pytest.fixture(scope="module", params=["gpt2:1", "gpt2:7", "qwen:7"])
def continuations(request: pytest.FixtureRequest) -> "Continuations":
    """Of random weights: the embedded ones are looked at in test_trained_models.py."""
    key, _, seed = request.param.partition(":")
    model = supply(f"{key}_model:{seed}" if seed else f"{key}_model")
    tokenizer = supply(f"{key}_tokenizer")
    encode = chat if key == "qwen" else lambda tokenizer, prompt: tokenizer(prompt, return_tensors="pt").input_ids
    return [greedy(model, encode(tokenizer, prompt)) for prompt in PROMPTS]


def test_some_tokens_are_likely_and_none_is_certain(continuations: "Continuations") -> None:
    """Top-1: first token 5 to 95 %, median of a text 15 to 60 %. Nucleus of 0.9: median 5 to 500, at most a tenth."""
    import torch

    for _, probabilities in continuations:
        best = probabilities.max(-1).values
        assert 0.05 < float(best[0]) < 0.95
        assert 0.15 < float(best.median()) < 0.6
        some = probabilities[::4]
        nucleus = (some.sort(-1, descending=True).values.cumsum(-1) < 0.9).sum(-1) + 1
        assert 5 < int(torch.median(nucleus)) < 500
        assert int(nucleus.max()) < 0.1 * probabilities.shape[1]
        # A top-k of 50 leaves out a visible share, so that it differs from plain sampling.
        assert float(probabilities.topk(50).values.sum(-1).mean()) < 0.98


def test_greedy_text_is_varied(continuations: "Continuations") -> None:
    """100 tokens: at least 20 different ones, none more than 6 times in a row, no end of text."""
    for ids, _ in continuations:
        assert len(ids) == 100
        assert len(set(ids.tolist())) >= 20
        assert max(len(list(run)) for _, run in itertools.groupby(ids.tolist())) <= 6


def test_prompts_have_different_continuations(continuations: "Continuations") -> None:
    texts = [tuple(ids[:10].tolist()) for ids, _ in continuations]
    assert len(set(texts)) == len(texts)


def test_text_is_made_quickly(gpt2: SimpleNamespace) -> None:
    """A token takes about 4 ms of processor time on one core; 10 times as much fails."""
    ids = gpt2.tokenizer("Once upon a time", return_tensors="pt").input_ids
    greedy(gpt2.model, ids, 5)
    start = time.process_time()
    greedy(gpt2.model, ids, 50)
    assert (time.process_time() - start) / 50 < 0.040


def unwrap(output: Any) -> "torch.Tensor":
    """Older transformers return a tuple from a block."""
    return output[0] if isinstance(output, tuple) else output


def relative_change(new: "torch.Tensor", old: "torch.Tensor") -> float:
    return float((new - old).norm() / old.norm())


def test_every_part_of_gpt2_matters(gpt2: SimpleNamespace) -> None:
    """Each block moves its input by 10 % or more; so do wrong positions, the last norm, attention to earlier tokens."""
    import torch

    model = supply("gpt2_model:1")  # trained positions say less
    body = model.transformer
    ids = gpt2.tokenizer("Once upon a time there was a model", return_tensors="pt").input_ids
    with torch.no_grad():
        places = torch.arange(ids.shape[1])
        hidden = body.wte(ids) + body.wpe(places)
        right = unwrap(body.h[0](hidden))
        assert relative_change(unwrap(body.h[0](body.wte(ids) + body.wpe(places + 1))), right) > 0.3
        assert relative_change(unwrap(body.h[0](body.wte(ids))), right) > 0.3
        assert relative_change(unwrap(body.h[0](body.wte(ids) + body.wpe(torch.zeros_like(places)))), right) > 0.3
        assert relative_change(unwrap(body.h[0](body.ln_f(hidden))), right) > 0.3
        assert relative_change(body.ln_f(right), right) > 0.3
        for block in body.h:
            after = unwrap(block(hidden))
            assert relative_change(after, hidden) > 0.1
            hidden = after
        assert torch.allclose(model(ids).logits, model.lm_head(body.ln_f(hidden)), atol=1e-3)
        assert relative_change(model.lm_head(hidden), model(ids).logits) > 0.3
        other = ids.clone()
        other[0, 0] = 500
        assert relative_change(model(other).logits[0, -1], model(ids).logits[0, -1]) > 0.1
        swapped = ids[:, [1, 0, *range(2, ids.shape[1])]]
        assert relative_change(model(swapped).logits[0, -1], model(ids).logits[0, -1]) > 0.05


def test_chat_template_changes_what_qwen_says(qwen: SimpleNamespace) -> None:
    bare = greedy(qwen.model, qwen.tokenizer(PROMPTS[1], return_tensors="pt").input_ids, 10)[0]
    asked = greedy(qwen.model, chat(qwen.tokenizer, PROMPTS[1]), 10)[0]
    assert bare.tolist() != asked.tolist()


# --- supply -------------------------------------------------------------------------------


def test_supplied_models_are_copies_in_eval_mode() -> None:
    import torch

    first, second = supply("gpt2_model"), supply("gpt2_model")
    assert not first.training
    with torch.no_grad():
        first.lm_head.weight.zero_()
    assert second.lm_head.weight.any()
    assert supply("gpt2_model").lm_head.weight.any()


def test_a_seed_gives_the_same_architecture_other_weights() -> None:
    import torch

    usual, seven, again = supply("gpt2_model"), supply("gpt2_model:7"), supply("models_gpt2:7")["gpt2"]
    assert seven.config.to_dict() == usual.config.to_dict()
    assert seven.lm_head.weight is seven.transformer.wte.weight
    changed = [not torch.equal(a, b) for a, b in zip(usual.parameters(), seven.parameters(), strict=True)]
    assert all(changed)
    assert all(torch.equal(a, b) for a, b in zip(seven.parameters(), again.parameters(), strict=True))


def test_supplied_tokenizers_keep_their_changes_to_themselves() -> None:
    mine = supply("gpt2_tokenizer")
    mine.pad_token = mine.eos_token
    mine.padding_side = "left"
    yours = supply("gpt2_tokenizer")
    assert (yours.pad_token, yours.padding_side) == (None, "right")
    mine.add_tokens(["unicorn🦄"])
    assert len(supply("gpt2_tokenizer")) == 50257


def test_supply_knows_dicts_modules_and_words() -> None:
    import torch

    assert set(supply("models")) == set(supply("tokenizers")) == {"gpt2", "qwen"}
    assert set(supply("models_gpt2")) == set(supply("tokenizers_gpt2")) == {"gpt2"}
    assert supply("models_map") == {"gpt2": "gpt2", "qwen": QWEN}
    assert (supply("pad"), supply("unk")) == ("[PAD]", "[UNK]")
    assert supply("module:torch.nn.functional") is torch.nn.functional
    supply("models_map").clear()
    assert supply("models_map")


@pytest.mark.parametrize(
    "name", ["", "gpt3_model", "gpt2_model:x", "gpt2_model:-1", "pad:3", "models_map:1", "module:no_such"]
)
def test_unknown_supplies_are_kit_errors(name: str) -> None:
    with pytest.raises(KitError, match="supply"):
        supply(name)


# --- no network, no writes, no noise ------------------------------------------------------

NOTEBOOK = """
    import json, os, sys, time
    touched = []
    WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    def watch(event, arguments):
        if event == "open" and isinstance(arguments[0], str) and arguments[2] and arguments[2] & WRITES:
            touched.append(arguments[0])
        elif event in ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink"):
            touched.append(str(arguments[0]))
        elif event in ("socket.connect", "socket.getaddrinfo"):
            raise RuntimeError(f"asked the network: {arguments}")
    sys.addaudithook(watch)
    sys.dont_write_bytecode = True

    from grader.offline import use_offline_models
    folder = use_offline_models()
    early = [name for name in ("torch", "transformers", "numpy", "huggingface_hub") if name in sys.modules]

    import tiktoken
    from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2LMHeadModel, GPT2TokenizerFast
    answers = {}
    for key, name in {"gpt2": "gpt2", "qwen": "Qwen/Qwen1.5-1.8B-Chat"}.items():
        tok = AutoTokenizer.from_pretrained(name)
        mdl = AutoModelForCausalLM.from_pretrained(name)
        ids = tok("Once upon a time", return_tensors="pt")
        out = mdl.generate(**ids, max_new_tokens=5, do_sample=False)
        answers[key] = tok.decode(out[0], skip_special_tokens=True)
        mdl.generate(**ids, max_new_tokens=5, do_sample=True, top_k=50, temperature=0.7)
    answers["cl100k"] = tiktoken.get_encoding("cl100k_base").encode("hello world")
    start = time.perf_counter()
    for load in (AutoTokenizer, AutoModelForCausalLM):
        try:
            load.from_pretrained("facebook/opt-125m")
        except OSError as error:
            answers["unknown"] = str(error)
    print(json.dumps({"answers": answers, "early": early, "touched": touched, "folder": str(folder),
                      "unknown_s": time.perf_counter() - start}))
"""


@pytest.fixture(scope="module")
def notebook(no_network: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The notebook's own lines in a new process without network."""
    scratch = tmp_path_factory.mktemp("scratch")
    done = python(NOTEBOOK, {"TMPDIR": str(scratch)}, no_network)
    assert done.returncode == 0, done.stderr
    *printed, result = done.stdout.splitlines()
    return SimpleNamespace(stderr=done.stderr, printed=printed, scratch=scratch, **json.loads(result))


def test_the_notebook_runs_without_network(notebook: SimpleNamespace) -> None:
    assert notebook.answers["gpt2"].startswith("Once upon a time")
    assert notebook.answers["qwen"].startswith("Once upon a time")
    assert notebook.answers["cl100k"] == [15339, 1917]


def test_the_notebook_prints_no_warnings(notebook: SimpleNamespace) -> None:
    assert notebook.stderr == ""
    assert notebook.printed == []


def test_setting_up_imports_nothing_heavy(notebook: SimpleNamespace) -> None:
    assert notebook.early == []


def test_nothing_is_written_once_the_cache_is_there(notebook: SimpleNamespace) -> None:
    """Apart from the temporary folder, which torch tries out."""
    elsewhere = [path for path in notebook.touched if not Path(path).is_relative_to(notebook.scratch)]
    assert [path for path in elsewhere if path != os.devnull] == []


def test_unknown_models_end_in_a_quick_clear_error(notebook: SimpleNamespace) -> None:
    assert notebook.unknown_s < 1
    assert "cached files" in notebook.answers["unknown"]


def test_another_process_can_use_the_folder_read_only_elsewhere(tmp_path: Path, models: Path) -> None:
    mount = f'mount --bind "{models}" "{tmp_path}" && mount -o remount,bind,ro "{tmp_path}" && exec "$@"'
    prefix = ("unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c", mount, "sh")
    if not works(*prefix, "true"):
        pytest.skip("this system allows no mount namespace")
    code = """
        import os
        from grader.offline import use_offline_models
        from grader.offline.supply import supply
        os.environ["TOKENIZERS_PARALLELISM"] = "true"
        print(use_offline_models())
        print(supply("tokenizers_gpt2")["gpt2"]("Hello world")["input_ids"], supply("gpt2_model:3").training)
        try:
            open(use_offline_models() / "x", "w")
        except OSError as error:
            print(error.strerror)
    """
    done = python(code, offline_environment(tmp_path) | {CACHE_VARIABLE: "/nowhere"}, prefix)
    assert done.stdout.splitlines() == [str(tmp_path), "[15496, 995] False", "Read-only file system"], done.stderr


def test_a_late_call_is_refused() -> None:
    code = """
        import huggingface_hub.constants
        from grader.errors import KitError
        from grader.offline import use_offline_models
        try:
            use_offline_models()
        except KitError as error:
            print(error)
    """
    done = python(code)
    assert "imported before" in done.stdout, done.stderr


def test_settings_for_other_caches_do_not_get_in_the_way(models: Path) -> None:
    code = """
        import os
        from grader.offline import use_offline_models
        print(use_offline_models(), "TRANSFORMERS_CACHE" in os.environ)
    """
    done = python(code, {"TRANSFORMERS_CACHE": "/x", "HF_HOME": "/x", "HF_HUB_CACHE": "/x", "TIKTOKEN_CACHE_DIR": "/x"})
    assert done.stdout.split() == [str(models), "False"], done.stderr


# --- the cache folder ---------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_concurrent_builders_agree(cache: Path) -> None:
    command = [sys.executable, "-c", "from grader.offline import use_offline_models as u; print(u())"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HF_HUB_CACHE": ""}
    builders = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    folders = {builder.communicate(timeout=120)[0].strip() for builder in builders}
    assert [builder.returncode for builder in builders] == [0, 0, 0]
    assert [Path(folder) for folder in folders] == list(cache.iterdir())


def test_a_damaged_folder_is_built_anew_and_the_bytes_are_the_same(cache: Path) -> None:

    def digest(folder: Path) -> dict[Path, str]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    folder = models_folder()
    before = digest(folder)
    assert models_folder() == folder
    next(folder.rglob("model.safetensors")).unlink()
    assert models_folder() == folder
    assert digest(folder) == before
    assert list(cache.iterdir()) == [folder]


def test_building_sweeps_away_what_nobody_used_for_long(cache: Path) -> None:
    ages_days = {"models-old": 40, "models-recent": 2, ".building-killed": 1, "something-else": 99}
    for name, age_days in ages_days.items():
        (cache / name).mkdir(parents=True)
        os.utime(cache / name, (time.time() - age_days * 86400,) * 2)
    folder = models_folder()
    assert {path.name for path in cache.iterdir()} == {folder.name, "models-recent", "something-else"}


def test_a_place_that_cannot_be_written_is_a_kit_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    with pytest.raises(KitError, match=CACHE_VARIABLE):
        models_folder()


@pytest.mark.usefixtures("cache")
def test_one_file_exchanges_the_weights(data: Path, models: Path) -> None:
    """`model.safetensors` next to the configuration, in half precision and of another size, is all it takes."""
    from transformers import AutoModelForCausalLM

    changes = {"n_embd": 32, "n_head": 2, "n_layer": 3, "n_positions": 64}
    config = json.loads((data / "gpt2" / "config.json").read_bytes()) | changes
    halves = {name: values.astype(np.float16) for name, values in random_weights(config, 5).items()}
    save_file(halves, data / "gpt2" / "model.safetensors", {"config": json.dumps(changes)})
    folder = models_folder(data)
    assert folder.name != models.name
    (snapshot,) = (folder / "hub" / "models--gpt2" / "snapshots").iterdir()
    model = AutoModelForCausalLM.from_pretrained(snapshot)
    assert (model.config.n_embd, len(model.transformer.h), str(model.dtype)) == (32, 3, "torch.float32")
    assert np.array_equal(model.lm_head.weight.detach().numpy(), halves["wte.weight"].astype(np.float32))


# --- python -m tools.models ---------------------------------------------------------------


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail() -> None:
        raise tool.NotDownloadableError("no network")

    monkeypatch.setattr(tool, "_download", fail)
    yield


@pytest.mark.usefixtures("unreachable")
def test_check_without_packages_compares_sums(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.main(["--check"]) == 0
    assert "skipped" in capsys.readouterr().out
    assert tool.main([]) == 1
    monkeypatch.setattr(tool, "DATA", data)
    with (data / "o200k_base.tokens").open("ab") as file:
        file.write(b"IQ==\n")
    assert tool.main(["--check"]) == 1
    assert "o200k_base.tokens" in capsys.readouterr().err


def test_the_readme_states_every_data_file_and_licence() -> None:
    stated = (DATA / "README.md").read_text(encoding="utf-8")
    files = [path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.suffix in (".bpe", ".tokens")]
    assert sorted(files) == sorted(origin.file for origin in tool.ORIGINS)
    assert all(f"`{file}`" in stated for file in files)
    assert all((DATA / file).stat().st_size > 500 for file in tool.LICENCES)
