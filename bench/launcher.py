"""Run one command and write how long it took, the most memory that it held, and its exit code.

A process of its own, since the system counts what the process that starts another one held as held by that one too.

Example: python -S bench/launcher.py figures.json spark9 --help
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

figures, *command = sys.argv[1:]
started = time.perf_counter()
process = subprocess.Popen(command)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - started
process.returncode = os.waitstatus_to_exitcode(status)
Path(figures).write_text(json.dumps([seconds, usage.ru_maxrss, process.returncode]), encoding="utf-8")
