# SPDX-License-Identifier: MIT
"""docs/features.md: every capability names a test, and that test exists and runs."""
import os
import re
import subprocess

from .builds import ROOT

AREAS = ("unit", "kernel", "vm", "cli", "fuzz", "compat")
NAMED = re.compile(r"`((?:%s)/[A-Za-z0-9_]+)`" % "|".join(AREAS))
# A test is in a cmocka list, perhaps by a macro TEST(), or in the X() table that a list is made of.
DEFINED = re.compile(r"\b(?:cmocka_unit_test\w*|TEST|X)\(\s*(\w+)")
SKIPPED = "was skipped everywhere"
# tests/kernel/examples_test.c makes one of each example.
EXAMPLE = re.compile(r"\bX\((maps|programs), (\w+),")
# tests/fuzz/replay.c makes these of each NAME_fuzz.c.
REPLAYED = ("reads_what_compilers_write", "survives_damage")


def named():
    with open(os.path.join(ROOT, "docs", "features.md")) as f:
        return sorted(set(NAMED.findall(f.read())))


def in_sources():
    """The names that tests have, without building or running them."""
    found = set()
    for area in AREAS:
        for folder, _, files in os.walk(os.path.join(ROOT, "tests", area)):
            for name in files:
                path = os.path.join(folder, name)
                if name.endswith("_fuzz.c"):
                    found |= {f"fuzz/{name[:-7]}_{test}" for test in REPLAYED}
                elif name.endswith(".c"):
                    with open(path) as f:
                        text = f.read()
                    found |= {f"{area}/{test}" for test in DEFINED.findall(text)}
                    found |= {f"{area}/example_{kind}_{test}"
                              for kind, test in EXAMPLE.findall(text)}
                elif name.endswith(".test"):
                    listed = subprocess.run([path, "--list"], stdout=subprocess.PIPE, text=True)
                    found |= {f"{area}/{test}" for test in listed.stdout.split()}
    # A kernel test is a test of the virtual machines too.
    return found | {"vm/" + name.split("/")[1] for name in found if name.startswith("kernel/")}


def missing_in_sources():
    known = in_sources()
    return [name for name in named() if name not in known]


def not_run(report, vm_variants):
    """(name, why) of each named test that did not run; a skip in every variant is no run."""
    ran = {name for name, _ in report.ran}
    ran |= {"vm/" + name.split("/")[1] for name, variant in report.ran
            if name.startswith("kernel/") and variant in vm_variants}
    known = report.known | {"vm/" + n.split("/")[1] for n in report.known
                            if n.startswith("kernel/")}
    return [(name, SKIPPED if name in known else "does not exist")
            for name in named() if name not in ran]
