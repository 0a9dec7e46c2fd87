"""What a protocol asks, as a tree, and how a tree is written down."""

from dataclasses import dataclass, field, replace  # noqa: F401

COMPARE = {(True, True): (">=", "is at least"), (True, False): (">", "is more than"), (False, True): ("<=", "is at most"), (False, False): ("<", "is less than")}


@dataclass(frozen=True)
class Window:
    """A stretch of time beside a milestone: how far back it reaches, and how that is said."""

    shape: str
    near: int = 0
    far: int = 0
    unit: str = "days"
    anchor: str = "screening"

    def text(self):
        near, far, unit, anchor = self.near, self.far, self.unit, self.anchor
        one = unit[:-1] if far == 1 else unit
        return {
            "within": f"within {far} {one} before {anchor}",
            "in the": f"in the {far} {one} before {anchor}",
            "strictly": f"within {far} {one} strictly before {anchor}",
            "less": f"less than {far} {one} before {anchor}",
            "at most": f"at most {far} {one} before {anchor}",
            "more": f"more than {far} {one} before {anchor}",
            "at least": f"at least {far} {one} before {anchor}",
            "between": f"{near} to {far} {unit} before {anchor}",
            "before": f"before {anchor}",
            "on or before": f"on or before {anchor}",
            "day": f"on the day of {anchor}",
            "from consent": f"from consent to {anchor}",
        }[self.shape]


@dataclass(frozen=True)
class Test:
    """What a result must be: between two ends, or one of some words."""

    sort: str  # quantity, multiple, score, words
    low: str = None
    low_closed: bool = True
    high: str = None
    high_closed: bool = True
    unit: str = ""
    words: tuple = ()
    negated: bool = False
    in_words: bool = False

    def number(self, text):
        if self.sort == "multiple":
            return f"{text} x ULN"
        return f"{text} {self.unit}".rstrip()

    def text(self):
        if self.sort == "words":
            if self.low is not None or self.high is not None:
                end, closed, is_low = (self.low, self.low_closed, True) if self.low is not None else (self.high, self.high_closed, False)
                return f"{COMPARE[is_low, closed][self.in_words]} {end}"
            return ("is not " if self.negated else "is ") + " or ".join(self.words)
        if self.low is not None and self.high is not None:
            if self.sort == "multiple":
                text = f"is {self.number(self.low)} to {self.number(self.high)}"
            else:
                text = f"is {self.low} to {self.number(self.high)}"
            ends = {(True, True): "", (False, True): ", lower end excluded", (True, False): ", upper end excluded", (False, False): ", both excluded"}
            return text + ends[self.low_closed, self.high_closed]
        end, closed, is_low = (self.low, self.low_closed, True) if self.low is not None else (self.high, self.high_closed, False)
        return f"{COMPARE[is_low, closed][self.in_words]} {self.number(end)}"


@dataclass(frozen=True)
class Value:
    """What one of a measure's results is."""

    about: object
    selector: str
    test: Test
    window: Window
    window_first: bool = False

    def text(self):
        selector = f"{self.selector} " if self.selector else ""
        window = f" {self.window.text()}" if self.window else ""
        # Behind a number, a window that does not begin with a word of its own would read as a part of it.
        test = self.test
        if self.window and (self.window_first or self.window.shape in ("between", "before") or (test.low is not None and test.high is not None) or self.about.name.startswith("ecog")):
            return f"{selector}{self.about.name}{window} {self.test.text()}"
        return f"{selector}{self.about.name} {self.test.text()}{window}"


@dataclass(frozen=True)
class Fact:
    """Whether there is a record."""

    family: object
    names: tuple
    tense: str  # now, ever, during, now begun, ever begun, ever ended
    window: Window = None
    negated: bool = False
    excepted: tuple = ()

    def text(self):
        names = " or ".join(self.names)
        tense = self.tense.split()[0]
        now, past = {
            "condition": ("has", "had"),
            "allergy": ("has", "had"),
            "event": ("has", "had"),
            "treatment": ("is taking", "received"),
            "procedure": ("", "undergone"),
        }[self.family.sort]
        if tense == "now":
            text = now if not self.negated else ("is not taking" if now == "is taking" else "has no")
            text = f"{text} {names}"
        elif tense == "ever":
            text = f"has {'never' if self.negated else 'ever'} {past} {names}"
        else:
            text = f"has {past} {'no ' if self.negated else ''}{names}"
        if " " in self.tense:
            text += " " + self.tense.split()[1]
        if self.excepted:
            text += " except " + " or ".join(self.excepted)
        return text + (f" {self.window.text()}" if self.window else "")


@dataclass(frozen=True)
class Age:
    """Completed years at the gate."""

    low: int = None
    high: int = None
    low_closed: bool = True
    high_closed: bool = True

    def text(self):
        if self.low is not None and self.high is not None:
            return f"age is {self.low} to {self.high} years"
        end, closed, is_low = (self.low, self.low_closed, True) if self.low is not None else (self.high, self.high_closed, False)
        return f"age {COMPARE[is_low, closed][1]} {end} years"


@dataclass(frozen=True)
class Judged:
    """What a person answers."""

    name: str

    def text(self):
        return f"investigator judges {self.name}"


@dataclass(frozen=True)
class Term:
    """A condition that stands elsewhere, under a name."""

    name: str

    def text(self):
        return self.name


@dataclass(frozen=True)
class Joined:
    """Conditions on one line, joined by one word."""

    word: str
    parts: tuple

    def text(self):
        return f" {self.word} ".join(part.text() for part in self.parts)


@dataclass(frozen=True)
class List:
    """all of, any of, none of, or so many of some conditions."""

    kind: str
    parts: tuple
    number: int = 0

    def head(self):
        return f"{self.kind} {self.number} of" if self.kind in ("at least", "at most", "exactly") else f"{self.kind} of"


@dataclass(frozen=True)
class If:
    """What is asked only of whom something holds."""

    when: object
    body: object


@dataclass(frozen=True)
class Unless:
    """What is asked of whom something does not hold; the others pass."""

    body: object
    when: object

    def text(self):
        return f"{self.body.text()} unless {self.when.text()}"


@dataclass(frozen=True)
class Exception_:
    """What holds instead of a condition, for some: another test, another window or another condition."""

    when: object
    by_name: bool
    instead: object
    deeper: tuple = ()

    def lines(self):
        when = f"with {self.when.names[0]}" if self.by_name else f"when {self.when.text()}"
        instead = self.instead.text()
        yield f"except {when}: {instead}"
        for deeper in self.deeper:
            yield from ("  " + line for line in deeper.lines())


@dataclass(frozen=True)
class Except:
    """A test with exceptions to it."""

    plain: Value
    exceptions: tuple


@dataclass(frozen=True)
class Limits:
    """Limits of one measure for some, and for everybody else."""

    about: object
    selector: str
    window: Window
    rows: tuple  # (test, when)
    otherwise: Test

    def lines(self):
        side = COMPARE[self.otherwise.low is not None, self.otherwise.low_closed if self.otherwise.low is not None else self.otherwise.high_closed][1]
        selector = f"{self.selector} " if self.selector else ""
        window = f" {self.window.text()}" if self.window else ""
        yield f"{selector}{self.about.name}{window} {side}"
        for test, when in self.rows:
            yield f"  {test.number(test.low or test.high)} when {when.text()}"
        yield f"  {self.otherwise.number(self.otherwise.low or self.otherwise.high)} otherwise"


@dataclass(frozen=True)
class IfUnknown:
    """As what a condition counts if data for it are missing."""

    body: object
    met: bool


@dataclass(frozen=True)
class For:
    """A part that concerns some only."""

    sex: str
    when: object
    body: object

    def head(self):
        return f"for {people(self.sex, self.when)}"


def people(sex, when):
    text = {"female": "women", "male": "men", None: "participants"}[sex]
    if when is None:
        return text
    if isinstance(when, Term):
        return f"{text} when {when.name}"
    return f"{text} with {when.name if isinstance(when, Judged) else when.names[0]}"


def lines(node):
    """A condition as it stands in a file, from the left margin."""
    if isinstance(node, List):
        yield node.head()
        for part in node.parts:
            yield from ("  " + line for line in lines(part))
    elif isinstance(node, If):
        yield f"if {node.when.text()}:"
        yield from ("  " + line for line in lines(node.body))
    elif isinstance(node, For):
        yield node.head()
        yield from ("  " + line for line in lines(node.body))
    elif isinstance(node, IfUnknown):
        own = list(lines(node.body))
        yield from own
        # Beside the lines of a list it would be said of the whole list.
        is_whole = isinstance(node.body, (If, For))
        indent = "" if is_whole else "  "
        yield f'{indent}if unknown: counts as {"met" if node.met else "not met"} "so it is laid down"'
    elif isinstance(node, Except):
        yield node.plain.text()
        for one in node.exceptions:
            yield from ("  " + line for line in one.lines())
    elif isinstance(node, Limits):
        yield from node.lines()
    else:
        yield node.text()


@dataclass(frozen=True)
class Criterion:
    number: str
    title: str
    node: object
    gate: str = "screening"
    sex: str = None
    when: object = None
    clause: tuple = ()  # which value counts, and in which window

    @property
    def is_exclusion(self):
        return self.number.startswith("E")

    def lines(self):
        kind = "exclusion" if self.is_exclusion else "inclusion"
        guard = f" for {people(self.sex, self.when)}" if self.sex or self.when else ""
        yield f'{kind} {self.number} "{self.title}"{guard}'
        yield f"  at {self.gate}"
        if self.clause:
            selector, window = self.clause
            yield f"  take the {selector} value" + (f" {window.text()}" if window else "")
        yield from ("  " + line for line in lines(self.node))
        yield ""


@dataclass(frozen=True)
class Override:
    number: str
    when: object
    criteria: tuple

    def lines(self, present):
        named = [number for number in self.criteria if number in present]
        if not named:
            return
        yield f'override {self.number} "Some pass"'
        for number in named:
            yield f"  when {self.when.text()}: {number} " + ("counts as not met" if number.startswith("E") else "counts as met")
        yield ""


@dataclass(frozen=True)
class Version:
    criteria: tuple
    values: Window = None
    terms: tuple = ()  # (name, node)
    overrides: tuple = ()
    two_gates: bool = False

    def text(self, vocabulary):
        return vocabulary.head() + self.body()

    def body(self):
        """What is the version's own: milestones, terms, criteria and overrides."""
        found = ["milestone consent", "milestone screening from consent on"]
        if self.values:
            found.append(f"  values {self.values.text()}")
        if self.two_gates:
            found.append("milestone enrolment from screening on")
        found.append("")
        for name, node in self.terms:
            found.append(f'define {name} "{name}"')
            found += ["  " + line for line in lines(node)]
            found.append("")
        for criterion in self.criteria:
            found += criterion.lines()
        present = {criterion.number for criterion in self.criteria}
        for override in self.overrides:
            found += override.lines(present)
        return "\n".join(found).rstrip() + "\n"
