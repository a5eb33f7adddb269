"""COMET of XLM-R-base's dimensions with random weights: writes the checkpoint, and times unbabel-comet and mbrs on it.

    python comet_peers.py WORK TOKENIZER_FOLDER < {"source": ..., "texts": [...]}      one thread; prints JSON
"""

import contextlib
import importlib.metadata
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
import yaml
from comet import load_from_checkpoint
from comet.models import RegressionMetric
from mbrs.metrics.comet import MetricCOMET
from transformers import XLMRobertaConfig, XLMRobertaTokenizerFast

torch.set_num_threads(1)

RUNS = 3
"""As many as the engine's own."""


def make(work: Path, tokenizer: Path) -> Path:
    """A checkpoint of 12 layers of 768 units; few words, since looking them up costs nothing."""
    encoder = work / "encoder"
    encoder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer / name, encoder / name)
    size = len(XLMRobertaTokenizerFast.from_pretrained(encoder))
    XLMRobertaConfig(
        vocab_size=size, max_position_embeddings=514, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5
    ).save_pretrained(encoder)
    torch.manual_seed(5)
    model = RegressionMetric(
        pretrained_model=str(encoder), layer_transformation="sparsemax", layer_norm=False, hidden_sizes=[3072, 1024],
        local_files_only=True, load_pretrained_weights=False,
    )
    out = work / "metric"
    (out / "checkpoints").mkdir(parents=True, exist_ok=True)
    settings = dict(model.hparams)
    torch.save(
        {"state_dict": model.state_dict(), "hyper_parameters": settings, "pytorch-lightning_version": "2.6.6"},
        out / "checkpoints" / "model.ckpt",
    )
    (out / "hparams.yaml").write_text(yaml.safe_dump(settings))
    return out / "checkpoints" / "model.ckpt"


def timed(work: Callable[[], torch.Tensor]) -> tuple[float, torch.Tensor]:
    """Milliseconds of a call, the median of RUNS after one that does not count, and what it gave."""
    found, times = work(), []
    for _ in range(RUNS):
        started = time.perf_counter()
        found = work()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times), found


def main() -> None:
    """Print times and scores."""
    given = json.load(sys.stdin)
    texts = given["texts"]
    with contextlib.redirect_stdout(sys.stderr), torch.no_grad():
        checkpoint = make(Path(sys.argv[1]), Path(sys.argv[2]))
        model = load_from_checkpoint(str(checkpoint), local_files_only=True).eval()
        metric = MetricCOMET.__new__(MetricCOMET)
        metric.cfg, metric.scorer = MetricCOMET.Config(cpu=True), model
        encode_ms, embeddings = timed(lambda: metric.encode(texts).embeddings)
        source = metric.encode([given["source"]]).embeddings

        def comet_mbr() -> torch.Tensor:
            """The loop of unbabel-comet's comet-mbr, self included: each text as the hypothesis against all."""
            rows = [
                model.estimate(source.expand(len(texts), -1), mt.expand(len(texts), -1), embeddings).score
                for mt in embeddings
            ]
            return torch.stack(rows)

        irs = MetricCOMET.Cache(embeddings)
        comet_ms, scores = timed(comet_mbr)
        mbrs_ms, _ = timed(lambda: metric.pairwise_scores_from_ir(irs, irs, MetricCOMET.Cache(source)))
    versions = {name: importlib.metadata.version(name) for name in ("unbabel-comet", "mbrs")}
    times = {"encode": encode_ms, "comet": comet_ms, "mbrs": mbrs_ms}
    print(json.dumps({"times": times, "versions": versions, "scores": scores.flatten().tolist()}))


main()
