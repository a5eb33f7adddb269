"""The one command, end to end, on a corpus of a few lines and for three steps."""

import json
from pathlib import Path

import pytest

from interlinear_trainer.__main__ import main

TRAIN = [
    (f"tom has {n} big dogs and {n + 1} cats .", f"トム は 大き な 犬 {n} 匹 と 猫 {n + 1} 匹 を 飼 う 。")
    for n in range(300)
]
HELD_OUT = [("she is my sister .", "彼女 は 私 の 妹 だ 。"), ("we went by train .", "列車 で 行 っ た 。")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    tanaka, tldr = tmp_path / "data" / "small_parallel_enja", tmp_path / "data" / "tldr-parallel"
    tanaka.mkdir(parents=True)
    tldr.mkdir()
    for part, pairs in (("train", TRAIN), ("dev", HELD_OUT), ("test", HELD_OUT)):
        for side, language in enumerate(("en", "ja")):
            (tanaka / f"{part}.{language}").write_text("".join(pair[side] + "\n" for pair in pairs), encoding="utf-8")
    (tldr / "en-ja.tsv").write_text("x\ti\tShow [h]elp of `x`\t`x` のヘルプを表示する\n" * 3, encoding="utf-8")
    return tmp_path / "data"


def test_make_leaves_a_folder_that_evaluate_reads(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    places = ["--data", str(data), "--out", str(out), "--threads", "1"]
    assert main(["starter", "make", *places, "--work", str(work), "--steps", "3", "--n", "2"]) == 0
    figures = json.loads(capsys.readouterr().out.rsplit("\n{\n", 1)[-1].join(("{", "")))
    assert figures["test"]["sentences"] == len(HELD_OUT)
    files = {path.name for path in out.iterdir()}
    assert {"model_q8.onnx", "model.safetensors", "config.json", "manifest.json", "README.md", "LICENSE"} <= files
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "Tanaka Corpus / Tatoeba, CC BY 2.0 FR" in card
    assert main(["starter", "evaluate", *places, "--split", "dev", "--n", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["candidates"] == 2
