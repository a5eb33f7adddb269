"""What fewer bits change: the scores of a model and of its rounded copy over the same short texts."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from tokenizers import Tokenizer

from interlinear_trainer.export.folder import save_graph
from interlinear_trainer.stages.faults import TrainerError

Graphs = Mapping[str, onnx.ModelProto]
Floats = npt.NDArray[np.float32]
Run = Callable[[str, Mapping[str, npt.NDArray[Any]]], list[Floats]]
"""A graph's name and its inputs -> its outputs."""

SOURCES: Final = (
    "It is raining cats and dogs.",
    "He is good at tennis, isn't he?",
    "The council decided on Tuesday to close the old bridge.",
    "I have 10 books and a pen.",
    "Nobody knew why the clock had stopped at noon.",
    "Please send me the invoice by Friday.",
)
TRANSLATIONS: Final = (
    "土砂降りだ。",
    "彼はテニスが上手ですよね。",
    "市議会は火曜日に古い橋の閉鎖を決めた。",
    "本が10冊とペンが1本あります。",
    "時計がなぜ正午に止まったのか誰も知らなかった。",
    "金曜日までに請求書を送ってください。",
)
TEXTS: Final = SOURCES + TRANSLATIONS


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in a model's tokens."""

    tokenizer: Tokenizer

    @classmethod
    def of(cls, folder: Path) -> "Texts":
        """Read tokenizer.json. Raises TrainerError `checkpointBroken` where that is none."""
        path = folder / "tokenizer.json"
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as fault:
            raise TrainerError("checkpointBroken", f"{path} cannot be read as a tokenizer: {fault}") from fault
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(tokenizer)

    def feeds(self, text: str, pair: str | None, graph: onnx.ModelProto, limit: int) -> dict[str, npt.NDArray[Any]]:
        """One row of what the graph takes, cut at `limit` tokens."""
        found = self.tokenizer.encode(text, pair)
        ids = np.asarray([found.ids[:limit]], dtype=np.int64)
        kinds = np.asarray([found.type_ids[:limit]], dtype=np.int64)
        values = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        return {given.name: values[given.name] for given in graph.graph.input}


def measured(kind: str, exact: Graphs, rounded: Graphs, texts: Texts, limit: int) -> dict[str, Any]:
    """How far the rounded model's scores are from the exact one's: for the manifest, and for whoever exports.

    `of` says what a score is; `spread` is the standard deviation of the exact ones, to judge the others by.
    """
    score, of = SCORES[kind]
    both = [_all(graphs, score, texts, limit) for graphs in (exact, rounded)]
    before, after = (np.concatenate([value.reshape(-1) for value in values]) for values in both)
    return summary(of, before, after)


def summary(of: str, before: Floats, after: Floats) -> dict[str, Any]:
    """The same of scores that were computed elsewhere."""
    change = np.abs(after - before)
    figures = {"largest": change.max(), "mean": change.mean(), "spread": before.std()}
    return {"of": of, "scores": len(before), **{name: float(f"{value:.3g}") for name, value in figures.items()}}


def _all(graphs: Graphs, score: "Score", texts: Texts, limit: int) -> list[Floats]:
    with tempfile.TemporaryDirectory() as place:
        for name, graph in graphs.items():
            save_graph(graph, Path(place), name)
        sessions = {name: session(Path(place) / f"{name}.onnx") for name in graphs}
        return score(lambda name, feeds: sessions[name].run(None, feeds), graphs, texts, limit)


def session(path: Path) -> onnxruntime.InferenceSession:
    """A graph on the CPU."""
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


Score = Callable[[Run, Graphs, Texts, int], list[Floats]]


def _utilities(run: Run, graphs: Graphs, texts: Texts, limit: int) -> list[Floats]:
    encoder = graphs["encoder"]
    rows = np.concatenate([run("encoder", texts.feeds(text, None, encoder, limit))[0] for text in TEXTS])
    as_mt, as_ref = run("sides", {"texts": rows, "source": rows[:1]})
    a, b = np.triu_indices(len(TEXTS))
    return run("pairs", {"texts": rows, "as_mt": as_mt, "as_ref": as_ref, "a": a, "b": b})


def _qualities(run: Run, graphs: Graphs, texts: Texts, limit: int) -> list[Floats]:
    graph = graphs["quality"]
    rows = [(text, source) for source in SOURCES for text in TRANSLATIONS]
    return [run("quality", texts.feeds(text, source, graph, limit))[0] for text, source in rows]


def _links(run: Run, graphs: Graphs, texts: Texts, limit: int) -> list[Floats]:
    graph = graphs["states"]
    found = []
    for source, target in zip(SOURCES, TRANSLATIONS, strict=True):
        one, other = (run("states", texts.feeds(text, None, graph, limit))[0][0, 1:-1] for text in (source, target))
        products = one @ other.T
        found += [_softmax(products, axis) for axis in (0, 1)]
    return found


def _spans(run: Run, graphs: Graphs, texts: Texts, limit: int) -> list[Floats]:
    graph = graphs["spans"]
    found = []
    for source, target in zip(SOURCES, TRANSLATIONS, strict=True):
        first, *rest = source.split(" ")
        logits = run("spans", texts.feeds(" ".join([" ¶", first, "¶ ", *rest]), target, graph, limit))
        found += [_softmax(side, 1) for side in logits]
    return found


def _softmax(values: Floats, axis: int) -> Floats:
    raised = np.exp(values - values.max(axis=axis, keepdims=True))
    shares: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return shares


SCORES: Final[dict[str, tuple[Score, str]]] = {
    "comet": (_utilities, "U of a pair of texts"),
    "cometkiwi": (_qualities, "quality of a translation"),
    "awesome": (_links, "probability of a link"),
    "wspalign": (_spans, "probability of a span's start or end"),
}
