"""Run the pipeline on a cluster of two executors, kill each of them once while it works, and compare the tables."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from pyspark.sql import SparkSession

from pipeline.engine import local, spark

HOME = Path(__file__).parents[2]
EXECUTOR = "CoarseGrainedExecutorBackend"


def executors() -> list[int]:
    """Find the processes of the executors."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and EXECUTOR in (entry / "cmdline").read_bytes().decode(errors="replace"):
                found.append(int(entry.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def kill_two(killed: list[int], done: threading.Event) -> None:
    """Kill an executor as soon as there is one, and another that came after."""
    while len(killed) < 2 and not done.is_set():
        for pid in executors():
            if pid not in killed and len(killed) < 2:
                time.sleep(2.0)  # into its work
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                break
        time.sleep(0.1)


def main() -> None:
    """Compare what a cluster under fire makes with what this machine makes."""
    here = local.build(HOME / "seeds")
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--conf spark.sql.shuffle.partitions=4 pyspark-shell"
    engine = spark.start("local-cluster[2,1,1024]")
    killed: list[int] = []
    done = threading.Event()
    thread = threading.Thread(target=kill_two, args=(killed, done))
    thread.start()
    there = local.build(HOME / "seeds", engine=engine)
    done.set()
    thread.join()
    SparkSession.builder.getOrCreate().stop()
    wrong = [name for name, frame in here._asdict().items() if not frame.equals(getattr(there, name))]
    if wrong or len(killed) < 2:
        sys.exit(f"killed {len(killed)}; these tables differ: {wrong}")
    print(f"killed {len(killed)}, the same tables")


if __name__ == "__main__":
    main()
