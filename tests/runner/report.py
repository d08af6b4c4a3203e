# SPDX-License-Identifier: MIT
"""Prints results as they come and counts them."""
import sys
import threading

from .tap import FAILED, PASSED, SKIPPED


def counted(counts):
    return ", ".join(f"{counts[s]} {s}" for s in (PASSED, FAILED, SKIPPED))


class Report:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {PASSED: 0, FAILED: 0, SKIPPED: 0}
        self.variants = {}  # variant -> counts
        self.failures = []
        self.skips = {}  # (area/test, reason) -> variants
        self.ran = set()  # (area/test, variant) that passed or failed
        self.known = set()  # area/test, skipped ones too

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def add(self, area, executable, variant, outcome):
        """One executable in one variant."""
        for r in outcome.results:
            self._count(f"{area}/{r.name}", variant, r)
        if outcome.problem:
            self._add(variant, FAILED)
            self.failures.append(f"{area}/{executable} ({variant}): {outcome.problem}")
        self._print(area, executable, variant, outcome)

    def _add(self, variant, status):
        self.counts[status] += 1
        counts = self.variants.setdefault(variant, dict.fromkeys(self.counts, 0))
        counts[status] += 1

    def _count(self, name, variant, result):
        with self.lock:
            self.known.add(name)
            self._add(variant, result.status)
            if result.status == SKIPPED:
                self.skips.setdefault((name, result.reason), []).append(variant)
            else:
                self.ran.add((name, variant))
            if result.status == FAILED:
                self.failures.append(f"{name} ({variant})")

    def _print(self, area, executable, variant, outcome):
        parts = [f"{outcome.count(s)} {s}" for s in (PASSED, FAILED, SKIPPED)
                 if outcome.count(s)]
        bad = outcome.problem or outcome.count(FAILED)
        text = f"{'FAIL' if bad else 'ok  '} {area + '/' + executable:24} {variant:10} "
        text += ", ".join(parts + ([outcome.problem] if outcome.problem else []))
        text += f" ({outcome.seconds:.1f} s)"
        if bad:
            text += "\n" + "\n".join("     | " + line for line in outcome.output.splitlines())
        self.say(text)

    def fail(self, what, why=""):
        """Something that is no test of an executable but must hold."""
        with self.lock:
            self.counts[FAILED] += 1
            self.failures.append(what)
        self.say(f"FAIL {what}" + (f"\n{why}" if why else ""))

    def skip(self, name, variant, reason):
        with self.lock:
            self.counts[SKIPPED] += 1
            self.skips.setdefault((name, reason), []).append(variant)

    def close(self, kernels=()):
        """The closing lines, one with the counts of each of @kernels; the exit code."""
        if self.skips:
            print("\nskipped:")
            for (name, reason), variants in sorted(self.skips.items()):
                print(f"  {name} ({', '.join(variants)}): {reason}")
        if not self.counts[PASSED] + self.counts[FAILED]:
            self.failures.append("no test has run")
            self.counts[FAILED] += 1
        if self.failures:
            print("\nfailed:")
            for failure in self.failures:
                print(f"  {failure}")
        ran = [k for k in kernels if k in self.variants]
        if ran:
            print("\nkernels: " + "; ".join(f"{k}: {counted(self.variants[k])}" for k in ran))
        print("\n" + counted(self.counts))
        sys.stdout.flush()
        return 1 if self.counts[FAILED] else 0
