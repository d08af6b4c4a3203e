# SPDX-License-Identifier: MIT
"""Runs test executables inside a virtual machine, all of a kernel's in one boot."""
import glob
import os
import shutil
import sys
import time

from . import builds, tap

sys.path.insert(0, os.path.join(builds.ROOT, "vm"))
from machine import NO_KERNEL, NO_MACHINE, MachineError, arch, guest, kernels  # noqa: E402

SECONDS = 300  # for one executable
FILES = 256 << 20  # executables of one boot: all is in memory, and those with sanitizers are large
QUIET_SECONDS = 240  # without a sign of life; the verifier at its limit is silent that long
MODULES = ["tun", "veth", "sch_ingress", "cls_bpf", "cls_matchall", "act_bpf",
           # With functions and a variable of their own for programs; the first became built in.
           "?libcrc32c", "nf_defrag_ipv4", "nf_defrag_ipv6", "nf_conntrack", "act_mirred",
           # An array of disks in memory.
           "?md-mod", "?raid0", "?brd"]
# What tests start besides skep itself; the machine has nothing but what it is given.
TOOLS = ["sh", "bash", "cat", "cp", "cut", "dd", "echo", "env", "false", "head", "ls", "mkdir", "rm", "seq",
         "sleep", "touch", "true", "wc", "grep", "ip", "jq", "readelf", "script", "setsid", "strace",
         "strip", "timeout"]
# What skep opens while it runs: a terminal's description, and the reader of machine code.
OPENED = ["/usr/share/terminfo/x/xterm", "/lib/terminfo/x/xterm"]
LOADED = ["libcapstone.so.?"]
COMPILER = ["/usr/bin/clang-19", "/usr/lib/llvm-19/lib/clang/19/include", "/usr/include/linux",
            "/usr/include/asm-generic", "/usr/include/x86_64-linux-gnu/asm"]


# Those of `make test`; the others take as long again and rarely say something else. The last one
# also stands in for a host that refuses bpf(2).
EVERYDAY = ["5.10", "7.2", "6.1", "6.12"]


def names():
    return [k.label for k in kernels.table()]


def arch_of(name):
    return kernels.find(name).arch


def tools():
    return [(path, None) for path in map(shutil.which, TOOLS) if path]


def existing(paths):
    return [(path, None) for path in paths if os.path.exists(path)]


def loaded(libraries):
    """(this machine's path, the guest's path) of LOADED; of another architecture's @libraries."""
    own = [f"/usr/lib/{arch.of(arch.native()).triplet}"]
    found = [path for folder in libraries or own for name in LOADED
             for path in glob.glob(f"{folder}/{name}")]
    return [(path, f"/lib/{os.path.basename(path)}" if libraries else None) for path in found]


def files_of(tests, native, libraries):
    """Fixtures, the command, and what the tests of the command line need besides."""
    paths = {t.env["SKEP_FIXTURES"] for t in tests if "SKEP_FIXTURES" in t.env}
    files = tools() if native else []
    if any(t.area == "cli" or t.name in ("inspect", "packages") for t in tests):
        paths |= {t.env["SKEP_BIN"] for t in tests if "SKEP_BIN" in t.env}
        files += loaded(libraries)
    if any(t.name in ("examples", "packages") for t in tests):
        paths |= {t.env["SKEP_EXAMPLES"] for t in tests if "SKEP_EXAMPLES" in t.env}
    if any(t.area == "cli" for t in tests):
        paths |= {v for t in tests for v in t.env.values() if v.startswith("/")} - {builds.ROOT}
        paths |= {os.path.join(builds.ROOT, sub) for sub in ("include", "tests/fixtures",
                                                             "tests/cli/emitter.h", "examples")}
        files += existing(COMPILER + OPENED)
    return files + existing(sorted(paths))


class Boot:
    """The tests of one kernel; gives on_outcome(test, Outcome) as each of them ends."""

    def __init__(self, kernel, tests, on_outcome, env=(), libraries=()):
        self.kernel, self.on_outcome = kernel, on_outcome
        self.left = list(tests)
        self.env = {k: v for t in tests for k, v in t.env.items()} | dict(env)
        # A compiler is large, and all is in memory.
        memory = 2048 if any(t.area == "cli" for t in tests) else 1024
        self.native = arch_of(kernel) == arch.native()
        if not self.native:
            # What is too slow there is skipped.
            self.env["SKEP_EMULATED"] = "1"
        self.options = dict(modules=MODULES, memory=memory, libraries=libraries,
                            job_seconds=SECONDS, quiet_seconds=QUIET_SECONDS)
        self._fresh()

    def _fresh(self):
        self.out, self.err, self.since = b"", b"", time.monotonic()

    def _event(self, kind, payload):
        if kind == "o":
            self.out += payload
        elif kind in "em":
            self.err += payload
        elif kind == "x":
            code = int(payload)
            self._finish(code, timed_out=code == 124)

    def _finish(self, code, timed_out=False, problem=""):
        test = self.left.pop(0)
        outcome = tap.outcome(self.out.decode(errors="replace"), self.err.decode(errors="replace"),
                              code, time.monotonic() - self.since, timed_out)
        if problem:
            first, _, rest = problem.partition("; its console")
            outcome.problem = first
            outcome.output += problem if rest else ""
        self._fresh()
        self.on_outcome(test, outcome)

    def _next(self):
        """The tests of the next boot: as many as there is room for, and one at least."""
        some, size = [], 0
        for test in self.left:
            size += os.path.getsize(test.path)
            if some and size > FILES:
                break
            some.append(test)
        return some

    def run(self):
        """A test that takes the kernel down fails alone: the rest gets a new boot."""
        while self.left:
            tests = self._next()
            jobs = [guest.Job([t.path]) for t in tests]
            env = dict(self.env, CMOCKA_MESSAGE_OUTPUT="TAP", SKEP_VM=self.kernel,
                       SKEP_TESTS=os.environ.get("SKEP_TESTS", ""))
            files = files_of(tests, self.native, self.options["libraries"])
            options = guest.Options(env=env, files=files, **self.options)
            self._fresh()
            try:
                guest.run(self.kernel, jobs, options, self._event)
            except MachineError as e:
                if e.code in (NO_KERNEL, NO_MACHINE):
                    raise
                self._finish(0, problem=str(e))
