"""llama.cpp's own HTTP server from the xllamacpp wheel: `llama_server.py MODEL.gguf PORT SLOTS CONTEXT THREADS [--lora FILE]`."""

import os
import sys
import threading

import xllamacpp


def main() -> None:
    """Serve until a signal ends the process."""
    model, port, slots, context, threads = sys.argv[1:6]
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {"starter-en-ja"}
    params.hostnames = ["127.0.0.1"]
    params.port = int(port)
    params.n_parallel = int(slots)
    params.n_ctx = int(slots) * int(context)
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = int(threads)
    params.cpuparams_batch.n_threads = int(threads)
    params.use_jinja = True
    if "--lora" in sys.argv:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(sys.argv[sys.argv.index("--lora") + 1], 1.0)]
    server = xllamacpp.Server(params)
    print(f"serving as process {os.getpid()} on {server.listening_address}", flush=True)
    threading.Event().wait()


main()
