# SPDX-License-Identifier: MIT
"""Reads what a test executable printed: cmocka's TAP on stdout, skip reasons on stderr."""
import re
from dataclasses import dataclass, field

NONE_CHOSEN = "1..0 # SKIP no test has been chosen"
PLAN = re.compile(r"^1\.\.(\d+)\s*$")
# A test's own output may stand before it on the line: not anchored.
RESULT = re.compile(r"(?P<not>not )?ok (?P<number>\d+) (?:# SKIP (?P<skip>\S+)|- (?P<name>\S+))")
REASON = re.compile(r"^SKIP (\S+): (.*)$", re.M)

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Result:
    name: str
    status: str
    reason: str = ""


@dataclass
class Outcome:
    """One executable's run: its tests, and what went wrong with the executable itself."""
    results: list = field(default_factory=list)
    problem: str = ""
    output: str = ""
    seconds: float = 0.0
    none_chosen: bool = False  # see run_chosen_tests() in tests/test.h

    def count(self, status):
        return sum(r.status == status for r in self.results)


def parse_results(stdout):
    """Results in order, and how many the plans promised."""
    results, planned, expected = [], 0, 1
    for line in stdout.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned += int(plan[1])
            expected = 1
            continue
        found = RESULT.search(line)
        # The number must be the next one, so that output which looks like TAP is none;
        # 0 is how cmocka reports a failed group setup.
        if not found or int(found["number"]) not in (0, expected):
            continue
        if found["skip"]:
            results.append(Result(found["skip"], SKIPPED))
        else:
            results.append(Result(found["name"], FAILED if found["not"] else PASSED))
        expected += int(found["number"]) != 0
    return results, planned


def add_reasons(results, stderr):
    """A reason belongs to the test it names; a helper's name stands for the next skip in order."""
    reasons = REASON.findall(stderr)
    for result in (r for r in results if r.status == SKIPPED):
        index = next((i for i, (name, _) in enumerate(reasons) if name == result.name), 0)
        result.reason = reasons.pop(index)[1] if reasons else "no reason given"


def ended(code):
    """How a process ended, in words; codes as of subprocess or of a shell."""
    signal = -code if code < 0 else code - 128 if 128 < code < 160 else 0
    return f"ended by signal {signal}" if signal else f"exit code {code}"


def outcome(stdout, stderr, code, seconds, timed_out=False):
    results, planned = parse_results(stdout)
    add_reasons(results, stderr)
    none_chosen = not code and NONE_CHOSEN in stdout.splitlines()
    out = Outcome(results, "", stdout + stderr, seconds, none_chosen)
    last = f" after {results[-1].name}" if results else ""
    if timed_out:
        out.problem = f"took too long and was ended{last}"
    elif len(results) < planned or not planned and code:
        out.problem = f"{ended(code)}{last}, before all tests had run"
    elif not planned:
        out.problem = "ran no test"
    elif code and not out.count(FAILED):
        out.problem = f"{ended(code)} although no test failed"
    return out
