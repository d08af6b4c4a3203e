# SPDX-License-Identifier: MIT
"""For tests that are scripts (tests/AREA/NAME.test): functions that raise, reported as TAP."""
import os
import sys
import traceback

from .tap import NONE_CHOSEN


class Skip(Exception):
    pass


def need_bpf():
    if os.environ.get("SKEP_REFUSED"):
        raise Skip(os.environ["SKEP_REFUSED"])


def _run(number, test):
    try:
        test()
        print(f"ok {number} - {test.__name__}", flush=True)
    except Skip as reason:
        print(f"not ok {number} # SKIP {test.__name__}", flush=True)
        print(f"SKIP {test.__name__}: {reason}", file=sys.stderr, flush=True)
    except Exception:
        print(f"not ok {number} - {test.__name__}", flush=True)
        traceback.print_exc()
        return False
    return True


def _chosen(tests):
    """As run_chosen_tests() of tests/test.h chooses."""
    part = os.environ.get("SKEP_TESTS", "")
    folder, name = os.path.split(os.path.abspath(sys.argv[0]))
    area = os.path.basename(folder)
    whole = part in f"{area}/{name.removesuffix('.test')}"
    return [t for t in tests if whole or part in f"{area}/{t.__name__}"]


def main(*tests):
    if sys.argv[1:] == ["--list"]:
        print("\n".join(t.__name__ for t in tests))
        return
    tests = _chosen(tests)
    print(f"1..{len(tests)}" if tests else NONE_CHOSEN, flush=True)
    results = [_run(number, test) for number, test in enumerate(tests, 1)]
    sys.exit(results.count(False))
