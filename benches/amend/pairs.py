"""Random pairs of versions of a protocol, as trees.

All of what they ask is such that `lind diff` promises to decide it (docs/amendments.md, "When a group is exact"):
one sort of selector, one class of windows and one sort of limit for each measure; one class of windows for each
family of codes.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from trees import Age, Criterion, Except, Exception_, Fact, For, If, IfUnknown, Joined, Judged, Limits, List, Override, Term, Test, Unless, Value, Version, Window
from vocabulary import CODED, FAMILIES, JUDGEMENTS, LEVELS, MEASURES, SCORES, Coded, Family, Levels, Measure, Score, Vocabulary, numbered

LENGTHS = {"days": [3, 7, 10, 14, 28, 30, 60, 90], "weeks": [1, 2, 4, 6, 8, 12], "months": [1, 2, 3, 6, 12], "years": [1, 2, 5]}
SAME_LENGTHS = {("days", 7): (1, "weeks"), ("days", 14): (2, "weeks"), ("days", 28): (4, "weeks"), ("months", 12): (1, "years")}


@dataclass
class Size:
    """How large a pair is."""

    criteria: tuple = (2, 6)
    variables: int = 8
    arity: int = 3
    share_edited: float = 0.45
    nesting: int = 2
    two_gates: float = 0.12
    plain: bool = False  # lists of conditions and nothing else


class Making:
    """Makes one pair."""

    def __init__(self, random, size):
        self.random = random
        self.size = size
        self.two_gates = random.random() < size.two_gates
        self.gates = ["screening", "enrolment"] if self.two_gates else ["screening"]
        self.vocabulary = self.chosen_vocabulary()
        self.windows = {}
        self.terms = []
        self.in_exclusion = False

    def of(self, choices):
        return self.random.choice(list(choices))

    def chance(self, share):
        return self.random.random() < share

    # -------------------------------------------------------------- vocabulary

    def chosen_vocabulary(self):
        found = Vocabulary()
        kinds = [("measures", MEASURES, 5), ("scores", SCORES, 1), ("levels", LEVELS, 1), ("coded", CODED, 1), ("families", FAMILIES, 4), ("judgements", JUDGEMENTS, 1)]
        pool = [(kind, thing) for kind, things, _ in kinds for thing in things]
        weights = [weight / len(things) for _, things, weight in kinds for _ in things]
        copies = {}
        for _ in range(self.size.variables):
            kind, thing = self.random.choices(pool, weights)[0]
            name = thing if isinstance(thing, str) else thing.name
            copies[name] = copies.get(name, 0) + 1
            if copies[name] > 1:
                if self.size.variables <= 12:
                    continue
                thing = numbered(thing, copies[name])
            getattr(found, kind).append(thing)
        if not found.families:
            found.families.append(self.of(FAMILIES))
        for thing in [*found.measures, *found.scores, *found.levels, *found.coded]:
            ordered = not isinstance(thing, Coded)
            found.selectors[thing.name] = self.of(["latest", "latest", "latest", "first", "highest", "lowest"] if ordered else ["latest", "latest", "first"])
            found.classes[thing.name] = "ends" if self.two_gates else self.of(["days", "days", "days", "months", "ends"])
            if isinstance(thing, Measure) and thing.multiples and self.chance(0.7):
                found.by_limits.add(thing.name)
        for family in found.families:
            found.classes[family.name] = "ends" if self.two_gates else self.of(["days", "days", "months", "ends"])
        return found

    # -------------------------------------------------------------- windows

    def window(self, of_class, gate):
        if of_class == "ends":
            anchors = ["consent", "screening", "enrolment"] if self.two_gates else ["screening", "screening", "consent"]
            anchors = anchors[: anchors.index(gate) + 1] if self.two_gates else anchors
            anchor = self.of(anchors)
            shapes = ["before", "on or before", "day"] + (["from consent"] * 2 if anchor != "consent" else [])
            return Window(self.of(shapes), anchor=anchor)
        units = ["days", "days", "weeks"] if of_class == "days" else ["months", "months", "years"]
        unit = self.of(units)
        shape = self.of(["within"] * 6 + ["in the", "strictly", "less", "at most", "more", "at least", "between"])
        far = self.of(LENGTHS[unit])
        near = 0
        if shape == "between":
            nearer = [length for length in LENGTHS[unit] if length < far]
            if not nearer:
                shape = "within"
            else:
                near = self.of(nearer)
        return Window(shape, near, far, unit)

    def window_of(self, name, gate, optional=True):
        """A window in which something is asked: few for each name, so that questions meet."""
        if optional and self.chance(0.2):
            return None
        known = self.windows.setdefault((name, gate), [])
        if len(known) >= (2 if len(known) < 3 and self.chance(0.1) else 2):
            return self.of(known)
        known.append(self.window(self.vocabulary.classes[name], gate))
        return known[-1]

    # -------------------------------------------------------------- conditions on one line

    def limit(self, thing):
        """An end of a test, in a unit in which it can be written."""
        unit = self.of(thing.units)
        text = self.of(thing.limits)
        if thing.units[unit] == 1:
            return text, unit
        own = Fraction(text) / thing.units[unit]
        if (own * 1000).denominator == 1:
            return plain(own), unit
        if self.chance(0.5):  # the number that is written in that unit, not quite the same
            return plain(Fraction(round(own * 10), 10)), unit
        return text, next(iter(thing.units))

    def test(self, thing):
        closed, in_words = (lambda: self.chance(0.7)), self.chance(0.3)
        if isinstance(thing, (Coded, Levels)):
            words = thing.words if isinstance(thing, Coded) else thing.levels
            if isinstance(thing, Levels) and self.chance(0.5):
                place, is_low = self.random.randrange(len(words) - 1), self.chance(0.5)
                is_closed = closed()
                # `>= I` would be always so, `< I` never.
                end = words[place + 1] if is_low == is_closed else words[place]
                ends = {"low": end, "low_closed": is_closed} if is_low else {"high": end, "high_closed": is_closed}
                return Test("words", in_words=in_words, **ends)
            count = self.random.randint(1, max(1, len(words) - 1))
            return Test("words", words=tuple(sorted(self.random.sample(words, count), key=words.index)), negated=count == 1 and self.chance(0.3))
        if isinstance(thing, Score):
            sort, unit = "score", self.of(["", "points"])
            steps = Fraction(thing.step or 1)
            numbers = sorted({str(float(steps * place)).removesuffix(".0") for place in self.random.sample(range(thing.low + 1, int(thing.high / steps)), 2)}, key=Fraction)
        elif thing.name in self.vocabulary.by_limits:
            sort, unit, numbers = "multiple", "", sorted(self.random.sample(thing.multiples, 2), key=Fraction)
        else:
            sort = "quantity"
            number, unit = self.limit(thing)
            other = self.of(thing.limits)
            numbers = sorted([number, other], key=Fraction) if thing.units[unit] == 1 and number != other else [number]
        if len(numbers) == 2 and self.chance(0.15):
            closes = (lambda: True) if sort == "multiple" else closed
            return Test(sort, numbers[0], closes(), numbers[1], closes(), unit)
        number = self.of(numbers)
        if self.chance(0.5):
            return Test(sort, low=number, low_closed=closed(), unit=unit, in_words=in_words)
        return Test(sort, high=number, high_closed=closed(), unit=unit, in_words=in_words)

    def value(self, thing, gate):
        selector = self.vocabulary.selectors[thing.name]
        written = selector if selector != "latest" or self.chance(0.2) else ""
        if getattr(thing, "worst", "") == selector and self.chance(0.3):
            written = "worst"
        return Value(thing, written, self.test(thing), self.window_of(thing.name, gate), self.chance(0.25))

    def fact(self, family, gate):
        tenses = {
            "condition": ["now", "now", "ever", "ever", "during", "during", "now begun", "ever begun", "ever ended"],
            "event": ["ever", "during", "during"],
            "treatment": ["now", "ever", "during", "during", "now begun", "ever ended"],
            "procedure": ["ever", "during"],
            "allergy": ["now", "ever"],
        }[family.sort]
        tense = self.of(tenses)
        names = [name for name, _, _ in family.sets]
        count = 2 if len(names) > 1 and " " not in tense and self.chance(0.15) else 1
        names = tuple(self.random.sample(names, count))
        window = self.window_of(family.name, gate, optional=False) if tense not in ("now", "ever") else None
        others = [name for name, _, _ in family.sets if name not in names]
        excepted = (self.of(others),) if others and count == 1 and " " not in tense and self.chance(0.15) else ()
        return Fact(family, names, tense, window, " " not in tense and self.chance(0.25), excepted)

    def age(self):
        low, high = self.of([18, 21, 50]), self.of([60, 65, 70, 75])
        return self.of([Age(low=low), Age(high=high), Age(low, high), Age(high=high, high_closed=False), Age(low=low, low_closed=False)])

    def leaf(self, gate, no_value=False):
        own = self.vocabulary
        things = [*own.measures, *own.scores, *own.levels, *own.coded]
        choices = [("fact", family) for family in own.families] + [("judged", name) for name in own.judgements]
        if not no_value:
            choices += [("value", thing) for thing in things] * 2 if self.size.variables < 20 else [("value", thing) for thing in things]
        if gate == "screening":
            choices.append(("age", None))
        sort, thing = self.of(choices)
        if sort == "value":
            return self.value(thing, gate)
        if sort == "fact":
            return self.fact(thing, gate)
        return Judged(thing) if sort == "judged" else self.age()

    def simple(self, gate):
        """A condition for `if`, `unless`, `except` and guards."""
        if self.chance(0.15):
            return Joined(self.of(["and", "or"]), (self.leaf(gate, True), self.leaf(gate, True)))
        return self.leaf(gate, no_value=self.chance(0.6))

    # -------------------------------------------------------------- conditions on several lines

    def node(self, gate, depth, may_pass, in_term=False):
        """A condition. `may_pass`: whether passing has a side here, as `unless` asks."""
        if self.size.plain:
            parts = tuple(self.leaf(gate) for _ in range(self.size.arity))
            # Mostly what is easy to pass, or nobody would be eligible.
            easy, hard = ("all", "any") if self.in_exclusion else ("any", "all")
            return List(hard if self.chance(0.02) else easy, parts)
        if depth == 0:
            return self.leaf(gate)
        kind = self.random.random()
        if kind < 0.30:
            return self.leaf(gate)
        if kind < 0.55:
            kind = self.of(["all", "any", "any", "none", "at least", "at most", "exactly"])
            parts = tuple(self.node(gate, depth - 1, may_pass and kind in ("all", "any")) for _ in range(self.random.randint(2, self.size.arity)))
            number = self.random.randint(1, len(parts) - 1) if len(parts) > 1 else 1
            if kind in ("at least", "at most", "exactly"):
                number = max(number, 1 if kind != "at least" else min(2, len(parts) - 1))
            return List(kind, parts, number)
        if kind < 0.61:
            return Joined(self.of(["and", "or"]), (self.leaf(gate), self.leaf(gate)))
        if kind < 0.69:
            return If(self.simple(gate), self.node(gate, depth - 1, False))
        if kind < 0.76 and may_pass:
            return Unless(self.leaf(gate), self.leaf(gate, True))
        if kind < 0.85:
            found = self.excepted(gate)
            if found:
                return found
        if kind < 0.90:
            found = self.limits(gate)
            if found:
                return found
        if kind < 0.95:
            return IfUnknown(self.leaf(gate), self.chance(0.5))
        if in_term:
            return self.leaf(gate)
        return For(self.of(["female", "male"]), None, self.leaf(gate))

    def some_value(self, gate):
        own = self.vocabulary
        things = [*own.measures, *own.scores]
        return self.value(self.of(things), gate) if things else None

    def excepted(self, gate):
        plain = self.some_value(gate)
        if plain is None:
            return None
        return Except(plain, (self.exception(plain, gate, 1),))

    def exception(self, plain, gate, depth):
        named = [family for family in self.vocabulary.families if family.sort in ("condition",)]
        by_name = bool(named) and self.chance(0.5)
        if by_name:
            family = self.of(named)
            when = Fact(family, (family.sets[0][0],), "now")
        else:
            when = self.leaf(gate, True)
        kind = self.random.random()
        if kind < 0.55 or plain.window is None:
            instead = self.test(plain.about)
        elif kind < 0.8:
            instead = self.window_of(plain.about.name, gate, optional=False)
        else:
            instead = self.leaf(gate)
        deeper = ()
        if depth and isinstance(instead, Test) and self.chance(0.3):
            deeper = (self.exception(replace(plain, test=instead), gate, 0),)
        return Exception_(when, by_name, instead, deeper)

    def limits(self, gate):
        plain = self.some_value(gate)
        if plain is None:
            return None
        otherwise = self.test(plain.about)
        if otherwise.low is not None and otherwise.high is not None:
            return None
        rows = []
        for _ in range(self.random.randint(1, 2)):
            own = self.test(plain.about)
            rows.append((replace(otherwise, **self.moved_end(plain.about, otherwise)), self.leaf(gate, True)))
            del own
        return Limits(plain.about, plain.selector, plain.window, tuple(rows), replace(otherwise, in_words=True))

    def moved_end(self, thing, test):
        """Another limit on the same side."""
        side = "low" if test.low is not None else "high"
        for _ in range(5):
            other = self.test(thing)
            end = other.low if other.low is not None else other.high
            if end is not None and end != getattr(test, side):
                return {side: end, "unit": other.unit}
        return {}

    def whom(self):
        """What those have whom a criterion concerns."""
        named = [Fact(family, (name,), "now") for family in self.vocabulary.families if family.sort == "condition" for name, _, _ in family.sets]
        choices = [*named, *map(Judged, self.vocabulary.judgements), *(Term(name) for name, _ in self.terms)]
        return self.of(choices) if choices else None

    # -------------------------------------------------------------- versions

    def criterion(self, number):
        gate = self.of(self.gates)
        self.in_exclusion = number.startswith("E")
        sex = when = None
        if not self.size.plain and self.chance(0.15):
            sex = self.of(["female", "male", None])
            when = self.whom() if sex is None or self.chance(0.3) else None
            if sex is None and when is None:
                sex = "female"
        clause = ()
        node = self.node(gate, self.size.nesting, True)
        if self.terms and self.chance(0.1) and gate == "screening":
            node = Term(self.of(self.terms)[0])
        if isinstance(node, Value) and self.chance(0.2):
            selector = self.vocabulary.selectors[node.about.name]
            clause = (selector, node.window)
            node = replace(node, selector="", window=None)
        return Criterion(number, f"Number {number}", node, gate, sex, when, clause)

    def pair(self):
        count = self.random.randint(*self.size.criteria)
        if not self.size.plain and self.chance(0.3):
            self.terms = [("special_case", self.node("screening", 1, False, in_term=True))]
        numbers = [self.of("IE") + str(place) for place in range(1, count + 1)]
        old = [self.criterion(number) for number in numbers]
        overrides = ()
        if not self.size.plain and self.chance(0.12):
            gate = "screening"
            overrides = (Override("O1", self.leaf(gate, True), tuple(self.random.sample(numbers, 1))),)
        values = None
        if not self.two_gates and all(own == "days" for name, own in self.vocabulary.classes.items()) and self.chance(0.5):
            values = Window("within", far=28)
        one = Version(tuple(old), values, tuple(self.terms), overrides, self.two_gates)
        new = []
        for criterion in old:
            if not self.chance(self.size.share_edited):
                new.append(criterion)
            elif not self.chance(0.08):
                for _ in range(self.of([1, 1, 1, 2])):
                    criterion = self.edited(criterion)
                new.append(criterion)
        if self.chance(0.15):
            new.insert(self.random.randint(0, len(new)), self.criterion(self.of("IE") + str(count + 1)))
        if len(new) > 1 and self.chance(0.1):
            self.random.shuffle(new)
        if not new:
            new = list(old)
        terms = tuple((name, self.changed(node, "screening") if self.chance(0.5) else node) for name, node in self.terms)
        if values and self.chance(0.3):
            values = Window("within", far=14)
        if overrides and self.chance(0.3):
            overrides = ()
        two = Version(tuple(new), values, terms, overrides, self.two_gates)
        return one, two, self.vocabulary

    # -------------------------------------------------------------- edits

    def edited(self, criterion):
        """The criterion with one thing changed, or put otherwise."""
        kind = self.random.random()
        gate = criterion.gate
        if kind < 0.06 and not self.size.plain:
            sex = self.of(["female", "male", None])
            return replace(criterion, sex=sex, when=None if sex != criterion.sex else criterion.when)
        if kind < 0.10:
            return replace(criterion, title=criterion.title + " of the list")
        if kind < 0.16 and criterion.clause:
            selector, window = criterion.clause
            if isinstance(criterion.node, Value):
                return replace(criterion, clause=(), node=replace(criterion.node, selector=selector, window=window))
        if kind < 0.20 and self.two_gates:
            return replace(self.criterion(criterion.number), gate=gate) if self.chance(0.5) else criterion
        if kind < 0.26:
            return self.criterion(criterion.number)
        if kind < 0.36 and not self.size.plain and not criterion.clause and not isinstance(criterion.node, (Unless,)):
            return replace(criterion, node=List(self.of(["all", "any"]), (criterion.node, self.leaf(gate))))
        return replace(criterion, node=self.changed(criterion.node, gate, bool(criterion.clause)))

    def changed(self, node, gate, by_clause=False):
        """The condition with one thing changed somewhere in it."""
        again = lambda part: self.changed(part, gate)

        def on_one_line(part):
            found = again(part)
            return found if isinstance(found, (Value, Fact, Age, Judged)) else self.leaf(gate)

        if isinstance(node, Value):
            return self.changed_value(node, gate, by_clause)
        if isinstance(node, Fact):
            kind = self.random.random()
            if node.window and kind < 0.6:
                if kind < 0.2:
                    return replace(node, window=restyled(node.window))
                return replace(node, window=self.window_of(node.family.name, gate, optional=False))
            if kind < 0.7 and not node.excepted:
                return replace(node, names=(self.of(name for name, _, _ in node.family.sets),))
            if kind < 0.8 and " " not in node.tense:
                return replace(node, negated=not node.negated)
            return self.fact(node.family, gate)
        if isinstance(node, Age):
            return self.age()
        if isinstance(node, Judged):
            return node if self.chance(0.3) else self.leaf(gate)
        if isinstance(node, Term):
            return node if self.chance(0.5) else self.leaf(gate)
        if isinstance(node, (Joined, List)):
            parts = list(node.parts)
            place = self.random.randrange(len(parts))
            kind = self.random.random()
            if isinstance(node, Joined):
                parts[place] = self.leaf(gate) if kind < 0.3 else on_one_line(parts[place])
                return replace(node, parts=tuple(parts))
            if kind < 0.1 and node.kind in ("all", "any"):
                return replace(node, kind={"all": "any", "any": "all"}[node.kind])
            if kind < 0.2:
                self.random.shuffle(parts)
                return replace(node, parts=tuple(parts))
            if kind < 0.3 and node.kind in ("all", "any"):
                return replace(node, parts=(*parts, self.leaf(gate)))
            if kind < 0.4 and len(parts) > 2 and node.kind in ("all", "any"):
                return replace(node, parts=tuple(parts[:place] + parts[place + 1 :]))
            if kind < 0.5 and node.kind in ("at least", "at most", "exactly") and len(parts) > 2:
                return replace(node, number=self.of(number for number in range(1, len(parts)) if number != node.number or len(parts) == 2))
            parts[place] = again(parts[place])
            return replace(node, parts=tuple(parts))
        if isinstance(node, If):
            if self.chance(0.4):
                return replace(node, when=self.simple(gate))
            return replace(node, body=again(node.body)) if self.chance(0.8) else node.body
        if isinstance(node, Unless):
            if self.chance(0.2):
                return node.body
            return replace(node, when=self.leaf(gate, True)) if self.chance(0.5) else replace(node, body=on_one_line(node.body))
        if isinstance(node, Except):
            kind = self.random.random()
            if kind < 0.3:
                return node.plain
            if kind < 0.6:
                return replace(node, exceptions=(self.exception(node.plain, gate, 1),))
            found = again(node.plain)
            return replace(node, plain=found) if isinstance(found, Value) else found
        if isinstance(node, Limits):
            kind = self.random.random()
            if kind < 0.4 and len(node.rows) > 1:
                return replace(node, rows=node.rows[:1])
            if kind < 0.7:
                rows = list(node.rows)
                test, when = rows[0]
                rows[0] = (replace(test, **self.moved_end(node.about, test)), when)
                return replace(node, rows=tuple(rows))
            return Value(node.about, node.selector, node.otherwise, node.window)
        if isinstance(node, IfUnknown):
            kind = self.random.random()
            if kind < 0.3:
                return replace(node, met=not node.met)
            if kind < 0.6:
                return node.body
            # What holds for missing data is said once.
            body = again(node.body)
            return replace(node, body=body.body if isinstance(body, IfUnknown) else body)
        if isinstance(node, For):
            return node.body if self.chance(0.4) else replace(node, body=again(node.body))
        return node

    def changed_value(self, node, gate, by_clause):
        kind = self.random.random()
        if kind < 0.15:
            return replace(node, test=restated(node.about, node.test), window=restyled(node.window))
        if kind < 0.5 or by_clause:
            return replace(node, test=self.test(node.about))
        if kind < 0.75:
            return replace(node, window=self.window_of(node.about.name, gate, optional=False))
        if kind < 0.85 and not self.size.plain:
            return Except(node, (self.exception(node, gate, 1),))
        if kind < 0.92 and not self.size.plain:
            return IfUnknown(node, self.chance(0.5))
        flipped = node.test
        if flipped.low is not None and flipped.high is None:
            flipped = replace(flipped, low_closed=not flipped.low_closed)
        elif flipped.high is not None and flipped.low is None:
            flipped = replace(flipped, high_closed=not flipped.high_closed)
        return replace(node, test=flipped)


def restated(thing, test):
    """The same test in another unit, where it can be written there, or in other words."""
    if isinstance(thing, Measure) and test.sort == "quantity":
        for unit, one in thing.units.items():
            if unit == test.unit:
                continue
            ends = {side: getattr(test, side) for side in ("low", "high") if getattr(test, side) is not None}
            own = {side: Fraction(end) * thing.units[test.unit] / one for side, end in ends.items()}
            if all((end * 1000).denominator == 1 for end in own.values()):
                return replace(test, unit=unit, **{side: plain(end) for side, end in own.items()})
    return replace(test, in_words=not test.in_words)


def plain(number):
    """A fraction as a decimal."""
    whole, rest = divmod(number, 1)
    digits = f"{int(rest * 1000):03}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def restyled(window):
    """The same window in other words."""
    if window is None:
        return None
    length = SAME_LENGTHS.get((window.unit, window.far))
    if length and window.shape != "between":
        return replace(window, far=length[0], unit=length[1])
    return replace(window, shape={"within": "at most", "at most": "within"}.get(window.shape, window.shape))


def make_pair(random, size):
    """Two versions, and what they speak of."""
    old, new, vocabulary = Making(random, size).pair()
    vocabulary.keep([old.body(), new.body()])
    return old, new, vocabulary


def big(variables=200, criteria=300):
    return Size(criteria=(criteria, criteria), variables=variables, arity=3, share_edited=0.1, two_gates=0.0, plain=True)
