from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from interlinear_trainer.convert.checkpoint import read_safetensors


def test_weights_are_read_as_torch_reads_them(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(1)
    tensors = {
        str(dtype): torch.randn(3, 5, generator=generator).to(dtype)
        for dtype in (torch.float32, torch.float16, torch.bfloat16)
    }
    save_file(tensors, tmp_path / "model.safetensors", metadata={"format": "pt"})
    found = read_safetensors(tmp_path / "model.safetensors")
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(found[name], tensor.float().numpy())


def test_other_types_are_named(tmp_path: Path) -> None:
    save_file({"steps": torch.arange(3)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="steps is I64"):
        read_safetensors(tmp_path / "model.safetensors")
