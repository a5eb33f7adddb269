"""Which rows a pass reads: both directions first, then synthetic rows beside the real ones, clean rows last."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from interlinear_trainer.starter.rows import Rows, joined, load_rows, turned

Leg = Literal["both", "mixed", "clean"]

_CLEAN_EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """Shares of the budget at which the second and the third leg begin.

    The first leg reads both directions (bidirectional training first: Ding et al. 2021, arXiv 2109.07780). The
    second reads real rows and rows that the model itself wrote at its beginning (see `diversify`). The third reads
    real rows in clean subwords, with less dropout.
    """

    mixed_from: float = 0.4
    clean_from: float = 0.8

    def leg(self, progress: float) -> Leg:
        """The leg that a share of the budget falls into."""
        return "both" if progress < self.mixed_from else "mixed" if progress < self.clean_from else "clean"


def pass_name(work: Path, leg: Leg, passes: int) -> str:
    """What pass number `passes` reads, in words that a checkpoint can hold: the leg, the real rows, the other rows.

    Raises FileNotFoundError in the second leg if `work` has no synthetic rows.
    """
    variants = [path.stem for path in sorted(work.glob("dropped-*.npz"))] or ["clean"]
    synthetic = [path.stem for path in sorted(work.glob("synthetic-*.npz"))]
    real = "clean" if passes % _CLEAN_EVERY == _CLEAN_EVERY - 1 else variants[passes % len(variants)]
    match leg:
        case "both":
            return f"{leg} {real} {variants[(passes + len(variants) // 2) % len(variants)]}"
        case "mixed" if synthetic:
            return f"{leg} {real} {synthetic[passes % len(synthetic)]}"
        case "mixed":
            raise FileNotFoundError(f"{work}: the second leg needs synthetic-NN.npz, which `starter train` writes")
        case "clean":
            return f"{leg} clean clean"


def pass_rows(work: Path, name: str) -> Rows:
    """The rows that `pass_name` named."""
    leg, real, other = name.split()
    rows = load_rows(work / f"{real}.npz")
    match leg:
        case "both":
            return joined([rows, turned(load_rows(work / f"{other}.npz"))])
        case "mixed":
            return joined([rows, load_rows(work / f"{other}.npz")])
        case _:
            return rows
