"""The configurations that ship for accelerate: it reads each of them, and each is what its name says."""

from pathlib import Path

import pytest
from accelerate.commands.config.config_args import load_config_from_file

FOLDER = Path(__file__).parents[2] / "accelerate"
KINDS = {
    "single-gpu": "NO",
    "multi-gpu": "MULTI_GPU",
    "multi-node": "MULTI_GPU",
    "fsdp": "FSDP",
    "deepspeed-zero2": "DEEPSPEED",
    "two-cpu-processes": "MULTI_CPU",
}


def test_every_file_is_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(KINDS)


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_accelerate_reads_it(name: str, kind: str) -> None:
    config = load_config_from_file(str(FOLDER / f"{name}.yaml"))
    assert str(config.distributed_type).rsplit(".", 1)[-1] == kind
    assert config.num_machines == (2 if name == "multi-node" else 1)
    assert config.use_cpu is (kind == "MULTI_CPU")
