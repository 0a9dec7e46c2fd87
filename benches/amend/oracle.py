"""Asks z3 all that `lind diff` answers of a pair: which transitions there are, and in which directions each criterion goes."""

import z3

from meaning import Patient, Reading, asked, negation, standing

STANDINGS = ("ineligible", "undetermined", "eligible")
EFFECTS = ("fail", "open", "pass")
ABSENT = {"pass": True, "fail": False, "open": False}


class Oracle:
    """z3 with both versions of a pair."""

    def __init__(self, old, new, vocabulary, seconds=20):
        self.patient = Patient(vocabulary, asked([old, new], vocabulary))
        self.effects = [Reading(version, self.patient).effects() for version in (old, new)]
        self.solver = z3.Solver()
        self.solver.set("timeout", seconds * 1000)
        self.solver.add(self.patient.rules)
        self.named = {}
        self.questions = 0

    def literal(self, condition):
        """A variable that stands for a condition, so that z3 keeps what it learns."""
        if isinstance(condition, bool):
            return z3.BoolVal(condition)
        if z3.is_const(condition):
            return condition
        key = condition.get_id()
        if key not in self.named:
            name = z3.Bool(f"is {len(self.named)}")
            self.solver.add(name == condition)
            self.named[key] = (name, condition)
        return self.named[key][0]

    def ask(self, *conditions):
        """Whether there is a patient of whom all hold: yes, no, or unknown."""
        if any(condition is False for condition in conditions):
            return "no"
        self.questions += 1
        wanted = [self.literal(condition) for condition in conditions if condition is not True]
        answer = self.solver.check(*wanted)
        return "yes" if answer == z3.sat else "no" if answer == z3.unsat else "unknown"

    def transitions(self):
        old, new = (standing(effects.values()) for effects in self.effects)
        return {(one, other): self.ask(old[one], new[other]) for one in STANDINGS for other in STANDINGS if one != other}

    def directions(self):
        """By criterion: in which directions it goes."""
        old, new = self.effects
        found = {}
        for number in [*new, *(number for number in old if number not in new)]:
            before, after = old.get(number, ABSENT), new.get(number, ABSENT)
            found[number] = {(one, other): self.direction(before[one], after[other], before, after) for one in EFFECTS for other in EFFECTS if one != other}
        return found

    def direction(self, one, other, before, after):
        same = all(before[effect] is after[effect] or (not isinstance(before[effect], bool) and not isinstance(after[effect], bool) and z3.eq(before[effect], after[effect])) for effect in EFFECTS)
        return "no" if same else self.ask(one, other)

    def in_context(self, number):
        """Whether anybody stands elsewhere if this criterion alone is changed."""
        old, new = self.effects
        before = standing(old.values())
        after = standing([effect for own, effect in old.items() if own != number] + [new.get(number, ABSENT)])
        differs = [z3.And(to_bool(before[own]), z3.Not(to_bool(after[own]))) for own in STANDINGS]
        return self.ask(z3.Or(differs))


def to_bool(condition):
    return z3.BoolVal(condition) if isinstance(condition, bool) else condition


__all__ = ["Oracle", "STANDINGS", "EFFECTS", "negation"]
