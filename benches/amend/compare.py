#!/usr/bin/env python3
"""Compares what `lind diff` says of random pairs of versions with what z3 says of them.

usage: python3 benches/amend/compare.py --lind PROGRAM [--pairs N] [--seed N] [--workers N] [--keep FOLDER] [--sample FILE]

Every pair is made from a seed, as a tree; the tree is written down as two protocols, and told to z3 by what the
language promises. All transitions between standings, all directions of each criterion, and whether a change of one
criterion alone moves anybody, are asked of both: what z3 finds must be witnessed, what it excludes must be proved.
Needs z3-solver from PyPI. Exits with 1 if the two disagree, and keeps the pairs on which they do.
"""

import argparse
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from oracle import EFFECTS, STANDINGS, Oracle
from pairs import Size, make_pair


def made(seed):
    """The pair of a seed: two trees and what they speak of."""
    own = random.Random(seed)
    size = Size(criteria=(1, 3), variables=4) if seed % 3 == 0 else Size(criteria=(4, 9), variables=11, nesting=2) if seed % 10 == 1 else Size()
    return make_pair(own, size)


def answer_of(said):
    """One answer of `lind diff`. A witness with two results of a measure on one day is none of whom a proof speaks."""
    if said["status"] != "witnessed":
        return {"impossible": "no", "undecided": "undecided"}[said["status"]]
    rows = [(row["cells"]["code"], row["cells"].get("time")) for row in said["witness"]["rows"] if row["table"] == "observations"]
    return "yes" if len(rows) == len(set(rows)) else "outside"


def ours(program, old, new):
    """What `lind diff` says: its answers by question, or why it refused."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("old.lind", "new.lind")]
        for path, text in zip(paths, (old, new)):
            path.write_text(text)
        done = subprocess.run([program, "diff", *paths, "--format", "json"], capture_output=True, text=True)
    if done.returncode == 1:
        return None, next((line for line in done.stderr.splitlines() if line.startswith("error")), "refused")
    if done.returncode != 0:
        return None, f"exit {done.returncode}: {done.stderr.strip()[-300:]}"
    said = json.loads(done.stdout)
    found = {("standing", one["from"], one["to"]): answer_of(one) for one in said["transitions"]}
    for criterion in said["criteria"]:
        effects = {(one["from"], one["to"]): answer_of(one) for one in criterion.get("effects", [])}
        for one in EFFECTS:
            for other in EFFECTS:
                if one != other:
                    found[criterion["id"], one, other] = effects.get((one, other), "no")
        context = criterion.get("in_context")
        found[criterion["id"], "context", ""] = answer_of(context) if context else "no"
    return found, None


def theirs(old, new, vocabulary):
    """What z3 says of the same questions."""
    oracle = Oracle(old, new, vocabulary)
    found = {("standing", *transition): answer for transition, answer in oracle.transitions().items()}
    for number, directions in oracle.directions().items():
        for direction, answer in directions.items():
            found[number, *direction] = answer
        found[number, "context", ""] = oracle.in_context(number)
    return found


def compared(job):
    """One pair: what became of it."""
    program, seed = job
    old, new, vocabulary = made(seed)
    texts = old.text(vocabulary), new.text(vocabulary)
    began = time.monotonic()
    said, refused = ours(program, *texts)
    between = time.monotonic()
    if said is None:
        return {"seed": seed, "refused": refused, "texts": texts}
    known = theirs(old, new, vocabulary)
    after = time.monotonic()
    if said.keys() != known.keys():
        return {"seed": seed, "texts": texts, "refused": None, "wrong": [("other questions", str(sorted(said.keys() ^ known.keys())), "")], "counts": Counter(), "times": (0, 0)}
    wrong, counts, open_ = [], Counter(), []
    for question, answer in known.items():
        own = said[question]
        counts[own, answer] += 1
        if own == "undecided" or (own == "outside" and answer != "yes"):
            open_.append(question)
        elif answer != "unknown" and own.replace("outside", "yes") != answer:
            wrong.append((question, own, answer))
    return {"seed": seed, "texts": texts, "refused": None, "wrong": wrong, "open": open_, "counts": counts, "known": known, "times": (between - began, after - between), "changes": any(answer == "yes" for answer in known.values())}


def kept(folder, result, what):
    """Keeps the two versions of a pair, with what is wrong with them."""
    own = folder / f"{what}-{result['seed']:06}"
    own.mkdir(parents=True, exist_ok=True)
    for name, text in zip(("old.lind", "new.lind"), result["texts"]):
        (own / name).write_text(text)
    lines = [f"{' '.join(question)}: lind says {mine}, z3 says {other}" for question, mine, other in result.get("wrong", [])]
    lines += [f"{' '.join(question)}: lind leaves it undecided" for question in result.get("open", [])]
    (own / "answers.txt").write_text("\n".join(lines or [str(result["refused"])]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lind", required=True, help="the program")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first pair")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("disagreements"), help="where pairs are kept on which the two disagree, or which are undecided")
    parser.add_argument("--sample", type=Path, help="a file to which pairs are written with the answers of z3")
    parser.add_argument("--sampled", type=int, default=150, help="how many")
    arguments = parser.parse_args()
    jobs = ((arguments.lind, seed) for seed in range(arguments.seed, arguments.seed + arguments.pairs))
    counts, refusals, bad, open_pairs, pairs, changing = Counter(), Counter(), 0, 0, 0, 0
    times = [0.0, 0.0]
    sample = []
    with multiprocessing.Pool(arguments.workers) as pool:
        for result in pool.imap(compared, jobs, chunksize=4):
            if result["refused"]:
                refusals[result["refused"]] += 1
                if not result["refused"].startswith("error[E"):
                    print(f"seed {result['seed']}: {result['refused']}", flush=True)
                    kept(arguments.keep, result, "failed")
                    bad += 1
                continue
            pairs += 1
            changing += result.get("changes", False)
            counts += result["counts"]
            times = [one + other for one, other in zip(times, result["times"])]
            if result["wrong"]:
                bad += 1
                kept(arguments.keep, result, "disagreement")
                print(f"seed {result['seed']}: " + "; ".join(f"{' '.join(question)}: lind {mine}, z3 {other}" for question, mine, other in result["wrong"][:4]), flush=True)
            elif result["open"]:
                open_pairs += 1
                kept(arguments.keep, result, "undecided")
            elif len(sample) < arguments.sampled and result["changes"] and result["times"][0] < 0.1 and "unknown" not in result["known"].values():
                sample.append(result)
    answers = {(own, answer): count for (own, answer), count in sorted(counts.items())}
    print(f"{pairs} pairs compared, {sum(refusals.values())} refused by the checker, {changing} in which something changes")
    print(f"{sum(counts.values())} questions:")
    for (own, answer), count in answers.items():
        words = {"yes": "witnessed", "no": "proved that there is none", "undecided": "undecided", "outside": "witnessed by two results on one day"}[own]
        print(f"  {count:7} {words}, z3: {({'yes': 'there is one', 'no': 'there is none'}).get(answer, answer)}")
    print(f"{bad} pairs with a disagreement, {open_pairs} more with something undecided")
    print(f"lind {times[0]:.1f} s as a process each time, z3 {times[1]:.1f} s")
    for refusal, count in refusals.most_common(12):
        print(f"  refused {count} times: {refusal}")
    if arguments.sample:
        write_sample(arguments.sample, sample)
    return 1 if bad else 0


def in_words(question):
    """A question as the sample writes it."""
    about, one, other = question
    if about == "standing":
        return f"{one} to {other}"
    return f"{about}: in context" if one == "context" else f"{about}: {one} to {other}"


def write_sample(path, sample):
    """Pairs with what z3 finds possible, for a test that has no z3."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = []
    for result in sample:
        old, new, vocabulary = made(result["seed"])
        possible = sorted(in_words(question) for question, answer in result["known"].items() if answer == "yes")
        found.append(f"=== pair {result['seed']}\n{vocabulary.head()}--- old\n{old.body()}--- new\n{new.body()}--- possible\n" + "".join(line + "\n" for line in possible))
    path.write_text("".join(found))
    print(f"{len(sample)} pairs written to {path}")


if __name__ == "__main__":
    sys.exit(main())
