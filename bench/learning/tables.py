"""Reads what sample-files.ts writes, and times work as timed.ts does."""

import time

import numpy as np

#: Short work is run for so many seconds, as in timed.ts.
WARM = 1.5


def table(folder, name):
    data = np.fromfile(f"{folder}/{name}.f64")
    rows, width = np.fromfile(f"{folder}/{name}.shape", dtype=np.int32)
    data = data.reshape(rows, width)
    return np.ascontiguousarray(data[:, :-1]), data[:, -1]


def timed(work, times=3):
    """Seconds by the clock of the first run and of the fastest, and its seconds of the processor and result."""
    begin = time.perf_counter()
    first, best, run = None, None, 0
    while run < times or (times > 1 and time.perf_counter() - begin < WARM):
        start, processor = time.perf_counter(), time.process_time()
        result = work()
        one = time.perf_counter() - start, time.process_time() - processor, result
        first = one[0] if first is None else first
        best = one if best is None or one[0] < best[0] else best
        run += 1
    return first, *best
