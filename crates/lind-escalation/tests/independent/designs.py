"""The designs a second time, in plain Python, from their definitions and from nothing of Lind.

    python3 designs.py tables  > ../tables/computed.txt
    python3 designs.py simulate > ../simulations/independent.txt

Boundaries of BOIN are compared as logarithms here (Lind compares powers), posterior probabilities are summed from the
binomial formula, isotonic regression goes over all averages of neighbouring levels (Lind pools from below).
"""

import math
import random
import sys
from fractions import Fraction as F

TARGETS = ["0.15", "0.20", "0.25", "0.30", "0.35", "0.40"]


def tail(x, n, p):
    """Pr(share > p) after x of n, the prior being uniform."""
    return sum(F(math.comb(n + 1, k)) * p**k * (1 - p) ** (n + 1 - k) for k in range(x + 1))


def eliminated(x, n, target, cut_off=F(95, 100), least=3):
    return n >= least and tail(x, n, target) > cut_off


def boin(x, n, target):
    low, high = 0.6 * float(target), 1.4 * float(target)
    t = float(target)
    up = math.log((1 - low) / (1 - t)) / math.log(t * (1 - low) / (low * (1 - t)))
    down = math.log((1 - t) / (1 - high)) / math.log(high * (1 - t) / (t * (1 - high)))
    assert abs(x / n - up) > 1e-9 and abs(x / n - down) > 1e-9
    return "E" if x / n <= up else "D" if x / n >= down else "S"


def mass(x, n, a, b):
    return (tail(x, n, a) - tail(x, n, b)) / (b - a)


def mtpi(x, n, target, half=F(5, 100)):
    low, high = target - half, target + half
    named = [("D", mass(x, n, high, F(1))), ("S", mass(x, n, low, high)), ("E", mass(x, n, F(0), low))]
    return max(named, key=lambda pair: pair[1])[0]


def mtpi2(x, n, target, half=F(5, 100)):
    low, high = target - half, target + half
    pieces = [("S", low, high)]
    edge = low
    while edge > 0:
        pieces.append(("E", max(edge - 2 * half, F(0)), edge))
        edge -= 2 * half
    edge = high
    while edge < 1:
        pieces.append(("D", edge, min(edge + 2 * half, F(1))))
        edge += 2 * half
    return max(pieces, key=lambda piece: mass(x, n, piece[1], piece[2]))[0]


def i3(x, n, target, half=F(5, 100)):
    low, high = target - half, target + half
    if F(x, n) < low:
        return "E"
    if F(x, n) <= high:
        return "S"
    return "S" if F(x - 1, n) < low else "D"


DESIGNS = {"BOIN": boin, "mTPI-2": mtpi2, "mTPI": mtpi, "i3+3": i3}


def row(design, n, target):
    letters = "".join(design(x, n, target) for x in range(n + 1))
    assert letters == "".join(sorted(letters, key="ESD".index)), letters
    number = lambda found: "-" if found is None else str(found)
    escalate = letters.rfind("E")
    first = next((x for x in range(n + 1) if letters[x] == "D"), None)
    out = next((x for x in range(n + 1) if eliminated(x, n, target)), None)
    if out is not None and (first is None or out < first):
        first = out
    return number(None if escalate < 0 else escalate), number(first), number(out)


def tables():
    print("# Made by ../independent/designs.py tables; equivalence intervals of 0.05 either side")
    for name, design in DESIGNS.items():
        for target in TARGETS:
            rows = [row(design, n, F(target)) for n in range(1, 13)]
            print(f"\n{name} {target}")
            for title, column in zip(["escalate", "de-escalate", "eliminate"], zip(*rows)):
                print(f"{title:12}" + " ".join(f"{cell:>2}" for cell in column))


def isotonic(tallies, target):
    """The level nearest the target; estimates are the greatest average from a lower to any higher level, least over
    those (the max-min formula)."""
    used = [level for level, (_, n) in enumerate(tallies) if n > 0]
    rate, weight = {}, {}
    for level in used:
        x, n = tallies[level]
        a, b = x + F(1, 20), n - x + F(1, 20)
        rate[level] = a / (a + b)
        weight[level] = (a + b) ** 2 * (a + b + 1) / (a * b)

    def average(low, high):
        inside = [level for level in used if low <= level <= high]
        return sum(rate[l] * weight[l] for l in inside) / sum(weight[l] for l in inside)

    estimate = {
        level: max(min(average(low, high) for high in used if high >= level) for low in used if low <= level)
        for level in used
    }
    best = min(abs(estimate[level] - target) for level in used)
    nearest = [level for level in used if abs(estimate[level] - target) == best]
    lowest = nearest[0]
    if estimate[lowest] < target:
        return max(level for level in nearest if estimate[level] == estimate[lowest])
    return lowest


def interval_trial(design, target, rates, cohort, most, draw, cache, stop_at=None):
    levels = len(rates)
    x, n = [0] * levels, [0] * levels
    level, closed, total = 0, levels, 0
    while True:
        size = min(cohort, most - total)
        if size == 0:
            break
        x[level] += sum(draw() < rates[level] for _ in range(size))
        n[level] += size
        total += size
        key = (x[level], n[level])
        if key not in cache:
            cache[key] = "U" if eliminated(*key, target) else design(*key, target)
        letter = cache[key]
        if letter == "U":
            closed = min(closed, level)
            if level == 0:
                return None, x, n
            level -= 1
            continue
        after = level
        if letter == "E" and level + 1 < closed:
            after = level + 1
        elif letter == "D" and level > 0:
            after = level - 1
        if stop_at and n[level] >= stop_at and after == level:
            break
        level = after
    return ("ask", closed), x, n


def three_plus_three_trial(rates, draw, six=True, down=True):
    """After Le Tourneau 2009: three by three, and six at the level that is chosen."""
    levels = len(rates)
    x, n = [0] * levels, [0] * levels

    def treat(level):
        x[level] += sum(draw() < rates[level] for _ in range(3))
        n[level] += 3

    level = 0
    while True:
        treat(level)
        if x[level] == 1 and n[level] == 3:
            treat(level)
        if x[level] >= 2:
            break
        if level + 1 == levels:
            # The highest: six are needed there as well.
            if six and n[level] == 3:
                treat(level)
                if x[level] >= 2:
                    break
            return level, x, n
        level += 1
    level -= 1
    while level >= 0:
        if not down:
            return level, x, n
        if n[level] == 3 and six:
            treat(level)
        if x[level] <= 1:
            return level, x, n
        level -= 1
    return None, x, n


SCENARIOS = [
    ("0.30", ["0.05", "0.10", "0.30", "0.50"], 3, 30),
    ("0.30", ["0.30", "0.45", "0.60", "0.70"], 3, 30),
    ("0.30", ["0.02", "0.06", "0.12", "0.20", "0.30"], 3, 36),
    ("0.30", ["0.55", "0.65", "0.75"], 3, 24),
    ("0.25", ["0.10", "0.25", "0.40", "0.55"], 1, 24),
    ("0.20", ["0.04", "0.08", "0.20", "0.35", "0.50", "0.60"], 2, 30),
]


def simulate():
    trials = 20000
    print("# Made by ../independent/designs.py simulate; shares selected at each level, then none;")
    print("# participants at each level, their squares, DLTs at each level: sums over all trials")
    for target, rates, cohort, most in SCENARIOS:
        numbers = [float(rate) for rate in rates]
        for name in list(DESIGNS) + ["3+3", "3+3 without six", "3+3 without de-escalation"]:
            draw = random.Random(f"{name} {rates}").random
            cache, memory = {}, {}
            levels = len(rates)
            selected, treated, toxic = [0] * (levels + 1), [0] * levels, [0] * levels
            squares = [0] * levels
            for _ in range(trials):
                if name in DESIGNS:
                    end, x, n = interval_trial(DESIGNS[name], F(target), numbers, cohort, most, draw, cache)
                    if end is not None:
                        key = (tuple(x), tuple(n), end[1])
                        if key not in memory:
                            memory[key] = isotonic(list(zip(x, n))[: end[1]], F(target))
                        end = memory[key]
                else:
                    end, x, n = three_plus_three_trial(
                        numbers, draw, six="without six" not in name, down="without de" not in name
                    )
                selected[levels if end is None else end] += 1
                treated = [a + b for a, b in zip(treated, n)]
                squares = [a + b * b for a, b in zip(squares, n)]
                toxic = [a + b for a, b in zip(toxic, x)]
            print()
            print(f"design {name}")
            print(f"target {target}; cohort {cohort}; most {most}; trials {trials}")
            print("rates " + " ".join(rates))
            print("selected " + " ".join(map(str, selected)))
            print("participants " + " ".join(map(str, treated)))
            print("squares " + " ".join(map(str, squares)))
            print("dlts " + " ".join(map(str, toxic)))


if __name__ == "__main__":
    {"tables": tables, "simulate": simulate}[sys.argv[1]]()
