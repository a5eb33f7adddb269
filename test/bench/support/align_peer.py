"""Times eflomal on two token files: `align_peer.py SOURCE TARGET`. Prints {"version", "times"} as JSON, seconds."""

import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import eflomal

RUNS = 3


def main() -> None:
    """Both directions at once, as its own script does, with its default model (IBM 1, HMM, fertility)."""
    source, target = (Path(name).read_text(encoding="utf-8").splitlines() for name in sys.argv[1:3])
    times = []
    with tempfile.TemporaryDirectory() as folder:
        there, back = (str(Path(folder) / name) for name in ("fwd", "rev"))
        for _ in range(RUNS):
            started = time.perf_counter()
            eflomal.Aligner().align(source, target, links_filename_fwd=there, links_filename_rev=back)
            times.append(time.perf_counter() - started)
            if len(Path(there).read_text().splitlines()) != len(source):
                raise SystemExit("eflomal did not align every line")
    print(json.dumps({"version": version("eflomal"), "times": times}))


main()
