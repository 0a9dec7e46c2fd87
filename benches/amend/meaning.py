"""What the language promises of a patient, told to z3.

Written from docs/language/semantics.md, and sharing nothing with Lind: a patient is some results, records and answers
with free values and free days; a condition is true, false, unknown, waiting for a judgement, or not applicable.
"""

from dataclasses import dataclass
from fractions import Fraction

import z3

from trees import Age, Except, Fact, For, If, IfUnknown, Joined, Judged, Limits, List, Term, Test, Unless, Value, Window
from vocabulary import Coded, Levels, Measure, Score

# ------------------------------------------------------------------ logic with constants folded


def all_of(parts):
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else z3.And(kept)


def any_of(parts):
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    if not kept:
        return False
    return kept[0] if len(kept) == 1 else z3.Or(kept)


def negation(part):
    if part is True or part is False:
        return not part
    return z3.Not(part)


@dataclass(frozen=True)
class Truth:
    """One of five values: what must hold for each of them."""

    true: object = False
    false: object = False
    unknown: object = False
    judgement: object = False
    absent: object = False  # not applicable

    @staticmethod
    def of(holds):
        return Truth(true=holds, false=negation(holds))

    @property
    def open(self):
        return any_of([self.unknown, self.judgement])

    def negated(self):
        return Truth(self.false, self.true, self.unknown, self.judgement, self.absent)


def conjunction(parts):
    """False if any is; else open, with the gravest kind; else true. What does not apply is neutral."""
    false = any_of(part.false for part in parts)
    unknown = any_of(part.unknown for part in parts)
    judgement = any_of(part.judgement for part in parts)
    absent = all_of(part.absent for part in parts)
    is_open = any_of([unknown, judgement])
    return Truth(
        true=all_of([negation(false), negation(is_open), negation(absent)]),
        false=false,
        unknown=all_of([negation(false), unknown]),
        judgement=all_of([negation(false), negation(unknown), judgement]),
        absent=absent,
    )


def disjunction(parts):
    return conjunction([part.negated() for part in parts]).negated()


def counted(kind, number, parts):
    """Bounds of a count; what does not apply is not counted; open parts alone leave it open."""
    one = lambda holds: z3.If(holds if not isinstance(holds, bool) else z3.BoolVal(holds), 1, 0)
    holds = z3.Sum([one(part.true) for part in parts])
    open_ = z3.Sum([one(part.open) for part in parts])
    decided = any_of([*(part.true for part in parts), *(part.false for part in parts)])
    absent = all_of(part.absent for part in parts)
    at_least = lambda bound: (holds >= bound, holds + open_ < bound)
    at_most = lambda bound: (holds + open_ <= bound, holds > bound)
    if kind == "at least":
        yes, no = at_least(number)
    elif kind == "at most":
        yes, no = at_most(number)
    else:
        yes = all_of([holds == number, open_ == 0])
        no = any_of([holds > number, holds + open_ < number])
    yes, no = all_of([decided, yes]), all_of([decided, no])
    left = all_of([negation(yes), negation(no), negation(absent)])
    unknown = any_of(part.unknown for part in parts)
    return Truth(yes, no, all_of([left, unknown]), all_of([left, negation(unknown)]), absent)


def choice(cases, otherwise, passing):
    """Conditions in order, each with a consequence, and what holds otherwise (nothing: it does not apply)."""
    holds, fails, nothing, unknown, judgement = [], [], [], [], []
    reached = True
    for condition, consequence in cases:
        may = all_of([reached, any_of([condition.true, condition.open])])
        for list_, value in ((holds, consequence.true), (fails, consequence.false), (nothing, consequence.absent), (unknown, consequence.unknown), (judgement, consequence.judgement)):
            list_.append(all_of([may, value]))
        unknown.append(all_of([reached, condition.unknown]))
        judgement.append(all_of([reached, condition.judgement]))
        reached = all_of([reached, negation(condition.true)])
    undecided = [all_of([reached, otherwise.open])] if otherwise else []
    if otherwise:
        holds.append(all_of([reached, otherwise.true]))
        fails.append(all_of([reached, otherwise.false]))
        nothing.append(all_of([reached, otherwise.absent]))
        unknown.append(all_of([reached, otherwise.unknown]))
        judgement.append(all_of([reached, otherwise.judgement]))
    else:
        nothing.append(reached)
    # A consequence that may apply and is open leaves the choice open; a condition that is open does so only if the
    # consequences differ.
    reached = True
    for condition, consequence in cases:
        undecided.append(all_of([reached, any_of([condition.true, condition.open]), consequence.open]))
        reached = all_of([reached, negation(condition.true)])
    holds, fails, nothing, undecided = map(any_of, (holds, fails, nothing, undecided))
    sure = negation(undecided)
    true = all_of([sure, holds, negation(fails), True if passing is True else negation(nothing)])
    false = all_of([sure, fails, negation(holds), True if passing is False else negation(nothing)])
    absent = all_of([sure, nothing, negation(holds), negation(fails)])
    left = all_of([negation(true), negation(false), negation(absent)])
    unknown = any_of(unknown)
    return Truth(true, false, all_of([left, unknown]), all_of([left, negation(unknown)]), absent)


def behind(body, guard, passing):
    """A condition behind a guard. One that is open matters only if the body does not pass anyway."""
    sure = any_of([guard.true, guard.absent])
    doubt = guard.open
    keeps_true = any_of([sure, doubt]) if passing is True else sure
    keeps_false = any_of([sure, doubt]) if passing is False else sure
    decided_but_in_doubt = all_of([doubt, any_of([False if passing is True else body.true, False if passing is False else body.false])])
    unknown = any_of([all_of([sure, body.unknown]), all_of([doubt, body.open, any_of([body.unknown, guard.unknown])]), all_of([decided_but_in_doubt, guard.unknown])])
    judgement = any_of([all_of([sure, body.judgement]), all_of([guard.judgement, body.judgement]), all_of([decided_but_in_doubt, guard.judgement])])
    return Truth(
        true=all_of([keeps_true, body.true]),
        false=all_of([keeps_false, body.false]),
        unknown=unknown,
        judgement=judgement,
        absent=any_of([guard.false, all_of([any_of([sure, doubt]), body.absent])]),
    )


# ------------------------------------------------------------------ the patient


class Patient:
    """Everything that a chart may hold of what two versions ask."""

    # How many days so many months may be.
    MONTHS = {1: (28, 31), 2: (59, 62), 3: (89, 92), 6: (181, 184), 12: (365, 366), 24: (730, 731), 60: (1826, 1827)}

    def __init__(self, vocabulary, asked):
        """`asked`: for each name, how many results or records are enough to answer all that is asked of it."""
        self.rules = []
        self.vocabulary = vocabulary
        self.consent, self.enrolment = z3.Int("consent"), z3.Int("enrolment")
        self.rules += [self.consent <= 0, self.enrolment >= 0]
        self.days = {"consent": self.consent, "screening": z3.IntVal(0), "enrolment": self.enrolment}
        self.months = {}
        self.sex = z3.Int("sex")
        self.rules += [self.sex >= 0, self.sex <= 2]  # female, male, neither is known
        self.age, self.has_age = z3.Int("age"), z3.Bool("has_age")
        self.rules += [self.age >= 0, self.age <= 110]
        self.results = {}
        self.records = {}
        self.answers = {}
        for thing in [*vocabulary.measures, *vocabulary.scores, *vocabulary.levels, *vocabulary.coded]:
            self.results[thing.name] = self.series(thing, asked.get(thing.name, 0))
        for family in vocabulary.families:
            self.records[family.name] = self.rows(family, asked.get(family.name, 0))
        for name in vocabulary.judgements:
            first = z3.Int(f"{name} first"), z3.Int(f"{name} then")
            self.rules += [answer >= 0 for answer in first] + [answer <= 2 for answer in first]  # none, yes, no
            # Once it is answered it stays answered.
            self.rules.append(z3.Implies(first[0] != 0, first[1] != 0))
            self.answers[name] = {"screening": first[0], "enrolment": first[1]}

    def month(self, count):
        if count not in self.months:
            days = z3.Int(f"months {count}")
            low, high = self.MONTHS[count]
            self.rules += [days >= low, days <= high]
            self.months[count] = days
        return self.months[count]

    def series(self, thing, count):
        """Results of one measure, the latest first; no two at one time."""
        found = []
        for place in range(count):
            name = f"{thing.name} {place}"
            there, day = z3.Bool(f"{name} there"), z3.Int(f"{name} day")
            has_limit = z3.Bool(f"{name} limit")
            if isinstance(thing, Measure):
                value = z3.Real(name)
                if thing.name in self.vocabulary.by_limits:
                    self.rules.append(value > 0)  # in parts of the laboratory's upper limit
                else:
                    self.rules += [value >= number(thing.plausible[0]), value <= number(thing.plausible[1])]
            elif isinstance(thing, Score):
                if thing.step:
                    steps = z3.Int(f"{name} steps")
                    value = z3.ToReal(steps) * number(thing.step) + thing.low
                    self.rules += [steps >= 0, value <= thing.high]
                else:
                    value = z3.Real(name)
                    self.rules += [value >= thing.low, value <= thing.high]
            else:
                value = z3.Int(name)
                words = thing.levels if isinstance(thing, Levels) else thing.words
                self.rules += [value >= 0, value < len(words)]
            if found:
                self.rules.append(day < found[-1][1])
            found.append((there, day, value, has_limit))
        return found

    def rows(self, family, count):
        """Records of one family of codes."""
        regions = family.regions()
        found = []
        for place in range(count):
            name = f"{family.name} {place}"
            there, over = z3.Bool(f"{name} there"), z3.Bool(f"{name} over")
            region, begin, end = z3.Int(f"{name} region"), z3.Int(f"{name} begin"), z3.Int(f"{name} end")
            self.rules += [region >= 0, region < len(regions), end >= begin]
            if family.sort == "procedure":
                self.rules += [over, end == begin]
            if family.sort == "allergy":
                self.rules.append(z3.Not(over))
            found.append((there, region, begin, end, over))
        return found


def number(text):
    fraction = Fraction(text)
    return z3.RatVal(fraction.numerator, fraction.denominator)


# ------------------------------------------------------------------ conditions


class Reading:
    """One version, read of the patient."""

    def __init__(self, version, patient):
        self.version, self.patient = version, patient
        self.terms = dict(version.terms)

    # -------------------------------------------------------------- windows

    def ends(self, window):
        """The first and the last day of a window; none where it does not end."""
        anchor = self.patient.days[window.anchor]
        back = lambda length: anchor - (self.patient.month(length * (12 if window.unit == "years" else 1)) if window.unit in ("months", "years") else length * (7 if window.unit == "weeks" else 1))
        return {
            "within": lambda: (back(window.far), anchor),
            "in the": lambda: (back(window.far), anchor),
            "at most": lambda: (back(window.far), anchor),
            "strictly": lambda: (back(window.far), anchor - 1),
            "less": lambda: (back(window.far) + 1, anchor),
            "more": lambda: (None, back(window.far) - 1),
            "at least": lambda: (None, back(window.far)),
            "between": lambda: (back(window.far), back(window.near)),
            "before": lambda: (None, anchor - 1),
            "on or before": lambda: (None, anchor),
            "day": lambda: (anchor, anchor),
            "from consent": lambda: (self.patient.days["consent"], anchor),
        }[window.shape]()

    def lies_in(self, day, window, gate):
        """Whether a day lies in the window and is known by the gate."""
        known = day <= self.patient.days[gate]
        if window is None:
            return known
        first, last = self.ends(window)
        return all_of([known, True if first is None else day >= first, True if last is None else day <= last])

    # -------------------------------------------------------------- tests

    def passes(self, thing, test, value):
        """Whether a value is between the ends of a test, or one of its words."""
        if test.sort == "words":
            words = thing.levels if isinstance(thing, Levels) else thing.words
            if test.low is None and test.high is None:
                holds = any_of(value == words.index(word) for word in test.words)
                return negation(holds) if test.negated else holds
            at = words.index
        else:
            at = lambda end: number(Fraction(end) * (thing.units[test.unit] if test.sort == "quantity" else 1))
        parts = []
        if test.low is not None:
            parts.append(value >= at(test.low) if test.low_closed else value > at(test.low))
        if test.high is not None:
            parts.append(value <= at(test.high) if test.high_closed else value < at(test.high))
        return all_of(parts)

    def value(self, node, gate, clause):
        """A test of the result that counts."""
        selector = node.selector or (clause[0] if clause else "") or "latest"
        window = node.window or (clause[1] if clause else None) or (self.version.values if gate == "screening" else None)
        thing = node.about
        if selector == "worst":
            selector = thing.worst
        results = self.patient.results[thing.name]
        by_limits = node.test.sort == "multiple"
        counts = [all_of([there, self.lies_in(day, window, gate)]) for there, day, _, _ in results]
        nothing = negation(any_of(counts))
        passed = [self.passes(thing, node.test, value) for _, _, value, _ in results]
        known = [has_limit if by_limits else True for *_, has_limit in results]
        if selector in ("latest", "first"):
            order = range(len(results)) if selector == "latest" else range(len(results) - 1, -1, -1)
            before, true, false, unknown = True, [], [], [nothing]
            for place in order:
                chosen = all_of([before, counts[place]])
                true.append(all_of([chosen, known[place], passed[place]]))
                false.append(all_of([chosen, known[place], negation(passed[place])]))
                unknown.append(all_of([chosen, negation(known[place])]))
                before = all_of([before, negation(counts[place])])
            return Truth(any_of(true), any_of(false), any_of(unknown))
        return self.extreme(node, selector, results, counts, known, nothing)

    def extreme(self, node, selector, results, counts, known, nothing):
        """The highest or the lowest result: above a limit if any is, below it if every one is."""
        thing, test = node.about, node.test
        if test.sort == "words":
            # Of levels, the highest itself is looked at.
            true, false = [], []
            for place, (_, _, value, _) in enumerate(results):
                others = [negation(all_of([counts[other], (results[other][2] > value) if selector == "highest" else (results[other][2] < value)])) for other in range(len(results)) if other != place]
                chosen = all_of([counts[place], *others])
                holds = self.passes(thing, test, value)
                true.append(all_of([chosen, holds]))
                false.append(all_of([chosen, negation(holds)]))
            return Truth(any_of(true), any_of(false), nothing)
        parts = []
        for side in ("low", "high"):
            if getattr(test, side) is None:
                continue
            own = Test(test.sort, unit=test.unit, **{side: getattr(test, side), f"{side}_closed": getattr(test, f"{side}_closed")})
            passed = [self.passes(thing, own, value) for _, _, value, _ in results]
            if (selector == "highest") == (side == "low"):  # any
                true = any_of(all_of(part) for part in zip(counts, known, passed))
                false = all_of([negation(nothing), *(negation(all_of([count, any_of([negation(know), holds])])) for count, know, holds in zip(counts, known, passed))])
            else:  # every
                false = any_of(all_of([count, know, negation(holds)]) for count, know, holds in zip(counts, known, passed))
                true = all_of([negation(nothing), *(negation(all_of([count, any_of([negation(know), negation(holds)])])) for count, know, holds in zip(counts, known, passed))])
            parts.append(Truth(true, false, all_of([negation(true), negation(false)])))
        return conjunction(parts)

    def fact(self, node, gate):
        """Whether some record is of the set, at the time that is asked for."""
        regions = node.family.regions()
        now = self.patient.days[gate]
        found = []
        for there, region, begin, end, over in self.patient.records[node.family.name]:
            held = [place for place, sets in enumerate(regions) if sets & set(node.names) and not sets & set(node.excepted)]
            parts = [there, any_of(region == place for place in held), begin <= now]
            if node.tense.startswith("now"):
                parts.append(any_of([negation(over), end >= now]))
            if node.tense == "during":
                first, last = self.ends(node.window)
                if first is not None:
                    parts.append(any_of([negation(over), end >= first]))
                if last is not None:
                    parts.append(begin <= last)
            if node.tense.endswith("begun"):
                parts.append(self.lies_in(begin, node.window, gate))
            if node.tense.endswith("ended"):
                parts += [over, self.lies_in(end, node.window, gate)]
            found.append(all_of(parts))
        return Truth.of(negation(any_of(found)) if node.negated else any_of(found))

    def age(self, node):
        patient = self.patient
        parts = []
        if node.low is not None:
            parts.append(patient.age >= node.low if node.low_closed else patient.age > node.low)
        if node.high is not None:
            parts.append(patient.age <= node.high if node.high_closed else patient.age < node.high)
        holds = all_of(parts)
        return Truth(all_of([patient.has_age, holds]), all_of([patient.has_age, negation(holds)]), negation(patient.has_age))

    def judged(self, node, gate):
        answer = self.patient.answers[node.name][gate]
        return Truth(true=answer == 1, false=answer == 2, judgement=answer == 0)

    # -------------------------------------------------------------- connectives

    def truth(self, node, gate, passing, must_hold, clause=()):
        """The value of a condition. `passing`: the value that changes nothing where it stands, if there is one;
        `must_hold`: whether it stands where what holds passes."""
        again = lambda part, passing=None: self.truth(part, gate, passing, must_hold, clause)
        if isinstance(node, Value):
            return self.value(node, gate, clause)
        if isinstance(node, Fact):
            return self.fact(node, gate)
        if isinstance(node, Age):
            return self.age(node)
        if isinstance(node, Judged):
            return self.judged(node, gate)
        if isinstance(node, Term):
            return again(self.terms[node.name], passing)
        if isinstance(node, (Joined, List)):
            kind = {"and": "all", "or": "any"}[node.word] if isinstance(node, Joined) else node.kind
            handed = {"all": True if passing is True else None, "any": False if passing is False else None, "none": False if passing is True else None}.get(kind)
            parts = [again(part, handed) for part in node.parts]
            if kind == "all":
                return conjunction(parts)
            if kind == "any":
                return disjunction(parts)
            if kind == "none":
                return disjunction(parts).negated()
            return counted(kind, node.number, parts)
        if isinstance(node, If):
            return choice([(again(node.when, False), again(node.body, passing))], None, passing)
        if isinstance(node, Unless):
            return choice([(again(node.when, False), Truth.of(must_hold))], again(node.body, passing), passing)
        if isinstance(node, Except):
            return choice([self.exception(node.plain, one, again, passing) for one in node.exceptions], again(node.plain, passing), passing)
        if isinstance(node, Limits):
            of = lambda test: again(Value(node.about, node.selector, test, node.window))
            return choice([(again(when, False), of(test)) for test, when in node.rows], of(node.otherwise), passing)
        if isinstance(node, IfUnknown):
            body = again(node.body, passing)
            true = any_of([body.true, body.unknown]) if node.met else body.true
            false = body.false if node.met else any_of([body.false, body.unknown])
            return Truth(true, false, False, body.judgement, body.absent)
        if isinstance(node, For):
            return behind(again(node.body, passing), self.guard(node.sex, node.when, gate), passing)
        raise TypeError(node)

    def exception(self, plain, one, again, passing):
        """The case of an exception: its condition, and what holds instead."""
        if isinstance(one.instead, Test):
            instead = Value(plain.about, plain.selector, one.instead, plain.window)
        elif isinstance(one.instead, Window):
            instead = Value(plain.about, plain.selector, plain.test, one.instead)
        else:
            instead = one.instead
        value = again(instead, passing)
        if one.deeper:
            value = choice([self.exception(instead, deeper, again, passing) for deeper in one.deeper], value, passing)
        return again(one.when, False), value

    def guard(self, sex, when, gate):
        parts = []
        if sex:
            own = {"female": 0, "male": 1}[sex]
            parts.append(Truth(self.patient.sex == own, self.patient.sex == 1 - own, self.patient.sex == 2))
        if when is not None:
            parts.append(self.truth(when, gate, None, True))
        return conjunction(parts)

    # -------------------------------------------------------------- verdicts

    def effect(self, criterion):
        """When the criterion passes, fails, or is open."""
        passing = not criterion.is_exclusion
        value = self.truth(criterion.node, criterion.gate, passing, passing, criterion.clause)
        for override in reversed(self.version.overrides):
            if criterion.number in override.criteria:
                when = self.truth(override.when, criterion.gate, False, True)
                value = choice([(when, Truth.of(passing))], value, passing)
        if criterion.sex or criterion.when is not None:
            value = behind(value, self.guard(criterion.sex, criterion.when, criterion.gate), passing)
        passes, fails = (value.false, value.true) if criterion.is_exclusion else (value.true, value.false)
        return {"pass": any_of([passes, value.absent]), "fail": fails, "open": value.open}

    def effects(self):
        return {criterion.number: self.effect(criterion) for criterion in self.version.criteria}


def standing(effects):
    """When a patient is eligible, ineligible or undetermined."""
    fails = any_of(effect["fail"] for effect in effects)
    opens = any_of(effect["open"] for effect in effects)
    return {"ineligible": fails, "undetermined": all_of([negation(fails), opens]), "eligible": all_of([negation(fails), negation(opens)])}


# ------------------------------------------------------------------ how much of a patient is enough


def leaves(node, clause=(), terms=None):
    """All tests and facts below a condition, as they are asked."""
    again = lambda part: leaves(part, clause, terms)
    if isinstance(node, Value):
        yield node.about.name, (node.selector or (clause[0] if clause else ""), node.window or (clause[1] if clause else None), node.test)
    elif isinstance(node, Fact):
        yield node.family.name, node
    elif isinstance(node, (Joined, List)):
        for part in node.parts:
            yield from again(part)
    elif isinstance(node, (If, Unless)):
        yield from again(node.when)
        yield from again(node.body)
    elif isinstance(node, For):
        yield from again(node.body)
    elif isinstance(node, IfUnknown):
        yield from again(node.body)
    elif isinstance(node, Limits):
        for test, when in [*node.rows, (node.otherwise, None)]:
            yield from again(Value(node.about, node.selector, test, node.window))
            if when is not None:
                yield from again(when)
    elif isinstance(node, Except):
        yield from again(node.plain)
        pending = [(node.plain, one) for one in node.exceptions]
        while pending:
            plain, one = pending.pop()
            yield from again(one.when)
            instead = one.instead
            if isinstance(instead, Test):
                instead = Value(plain.about, plain.selector, instead, plain.window)
            elif isinstance(instead, Window):
                instead = Value(plain.about, plain.selector, plain.test, instead)
            yield from again(instead)
            pending += [(instead, deeper) for deeper in one.deeper]


def asked(versions, vocabulary):
    """How many results or records of each name are enough: one for each window, or for each fact.

    Of what is asked of one window by one selector, one result decides: the latest, or the highest. Of the highest of
    multiples, another may have no limit. A fact needs one record to be so.
    """
    windows, facts = {}, {}
    for version in versions:
        found = []
        for criterion in version.criteria:
            found += [(criterion.gate, leaf) for leaf in leaves(criterion.node, criterion.clause)]
            if criterion.when is not None:
                found += [(criterion.gate, leaf) for leaf in leaves(criterion.when)]
        gates = {criterion.gate for criterion in version.criteria}
        for _, node in version.terms:
            found += [(gate, leaf) for gate in gates for leaf in leaves(node)]
        for override in version.overrides:
            found += [(gate, leaf) for gate in gates for leaf in leaves(override.when)]
        for gate, (name, leaf) in found:
            if isinstance(leaf, Fact):
                # `has no X` is `has X` denied.
                facts.setdefault(name, set()).add((gate, leaf.names, leaf.tense, leaf.window, leaf.excepted))
            else:
                selector, window, test = leaf
                window = window or (version.values if gate == "screening" else None)
                windows.setdefault(name, set()).add((gate, window, selector in ("highest", "lowest", "worst") and test.sort == "multiple"))
    enough = {name: len(own) for name, own in facts.items()}
    for name, own in windows.items():
        enough[name] = sum(2 if needs_two else 1 for _, _, needs_two in own)
    return enough
