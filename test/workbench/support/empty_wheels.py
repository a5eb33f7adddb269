"""Writes wheels that are packages in name only: `empty_wheels.py LOCK FOLDER NAME...`, each in its version of the lock.

A fake of the package index's content. The real packages are gigabytes; pip and venv, which install these, are real.
"""

import os
import sys
import zipfile
from pathlib import Path

lock, folder, *names = sys.argv[1:]
versions = dict(line.split("==") for line in Path(lock).read_text().splitlines() if "==" in line)
TORCH = '__version__ = "{version} (fake)"\nclass cuda:\n    @staticmethod\n    def is_available():\n        return False\n'

for name in names:
    version = versions[name].strip()
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": TORCH.format(version=version) if name == "torch" else "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{module}/weight.bin", f"{info}/RECORD"])
    with zipfile.ZipFile(Path(folder) / f"{module}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)
        wheel.writestr(f"{module}/weight.bin", os.urandom(100_000))
