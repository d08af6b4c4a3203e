# SPDX-License-Identifier: MIT
"""For tests that are scripts (tests/AREA/NAME.test): functions that raise, reported as TAP."""
import os
import sys
import traceback


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


def main(*tests):
    if sys.argv[1:] == ["--list"]:
        print("\n".join(t.__name__ for t in tests))
        return
    print(f"1..{len(tests)}", flush=True)
    results = [_run(number, test) for number, test in enumerate(tests, 1)]
    sys.exit(results.count(False))
