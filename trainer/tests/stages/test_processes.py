"""Two processes under `accelerate launch` (gloo): the wiring of a run on several GPUs, without one."""

import os
import subprocess
import sys
from pathlib import Path

from tests.stages.conftest import MakeJob, events_of, preference

ROWS = [preference(at) for at in range(72)]
ROOT = Path(__file__).parents[2]
CONFIG = "batch_size: 4\nmax_steps: 4\nevaluations: 2\nminimum_rows: 8\nexport: never\nlora: {rank: 4, alpha: 8}\n"


def test_two_processes_train_one_adapter(make_job: MakeJob) -> None:
    job = make_job("cpo", ROWS, CONFIG)
    launch = ["-m", "accelerate.commands.launch", "--config_file", str(ROOT / "accelerate" / "two-cpu-processes.yaml")]
    port = ["--main_process_port", "0"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, *launch, *port, "-m", "interlinear_trainer", "train", "--job", str(job)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kinds = [event["kind"] for event in events_of(job)]
    assert kinds.count("started") == 1
    assert kinds[-1] == "finished"
    assert (job / "adapter" / "adapter_model.safetensors").exists()
