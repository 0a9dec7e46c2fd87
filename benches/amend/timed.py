#!/usr/bin/env python3
"""Writes a pair of versions of some size, or times z3 on all that `lind diff` answers of it.

usage: python3 benches/amend/timed.py SIZE write FOLDER
       python3 benches/amend/timed.py SIZE z3

SIZE is `twenty` (20 criteria of every sort), `sixty` (60 criteria of 50 variables) or `large` (300 of 200).
"""

import random
import sys
import time
from pathlib import Path

from pairs import Size, big, make_pair

SIZES = {"twenty": Size(criteria=(20, 20), variables=30, share_edited=0.6, two_gates=0), "sixty": big(50, 60), "large": big()}


def main():
    size, what = sys.argv[1:3]
    old, new, vocabulary = make_pair(random.Random(1), SIZES[size])
    if what == "write":
        for name, version in (("old", old), ("new", new)):
            (Path(sys.argv[3]) / f"{size}-{name}.lind").write_text(version.text(vocabulary))
        return
    from oracle import Oracle

    began = time.process_time()
    oracle = Oracle(old, new, vocabulary, seconds=60)
    answers = list(oracle.transitions().values())
    for directions in oracle.directions().values():
        answers += directions.values()
    print(time.process_time() - began, len(answers), answers.count("unknown"))


if __name__ == "__main__":
    main()
