# SPDX-License-Identifier: MIT
"""Runs a test executable on this machine: as it is, emulated, under valgrind, with sanitizers."""
import glob
import os
import signal
import subprocess
import tempfile
import time

from . import tap

SECONDS = 300
MEMORY_ERROR = 99  # the exit code of valgrind and the sanitizers
VALGRIND = ["valgrind", "-q", f"--error-exitcode={MEMORY_ERROR}", "--leak-check=full",
            f"--suppressions={os.path.dirname(os.path.abspath(__file__))}/valgrind.supp",
            "--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect",
            "--child-silent-after-fork=yes"]
# valgrind 3.19 does not know these commands of bpf(2) and passes them on unchecked.
VALGRIND_NOISE = ("unhandled eBPF", "You may be able to write your own handler",
                  "Read the file README_MISSING_SYSCALL", "Nevertheless we consider this a bug",
                  "it at http://valgrind.org/support/bug_reports")


def execute(argv, env, folder):
    """(stdout, stderr, code, seconds, timed out); nothing it started survives."""
    start = time.monotonic()
    with open(f"{folder}/out", "w+b") as out, open(f"{folder}/err", "w+b") as err:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   env=env, cwd=folder, start_new_session=True)
        try:
            code, timed_out = process.wait(SECONDS), False
        except subprocess.TimeoutExpired:
            code, timed_out = -signal.SIGKILL, True
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        texts = []
        for f in (out, err):
            f.seek(0)
            texts.append(f.read().decode(errors="replace"))
    return *texts, code, time.monotonic() - start, timed_out


def environment(test):
    return dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", **test.env)


def run(test, prefix=()):
    with tempfile.TemporaryDirectory(prefix="skep-test-") as folder:
        return tap.outcome(*execute([*prefix, test.path], environment(test), folder))


def run_valgrind(test):
    with tempfile.TemporaryDirectory(prefix="skep-test-") as folder:
        log = f"{folder}/valgrind"
        env = dict(environment(test), SKEP_VALGRIND="1")
        found = execute([*VALGRIND, f"--log-file={log}", test.path], env, folder)
        out = tap.outcome(*found)
        with open(log, errors="replace") as f:
            lines = [x for x in f if not any(noise in x for noise in VALGRIND_NOISE)]
        if found[2] == MEMORY_ERROR:
            out.problem = "valgrind found errors"
        out.output += "".join(lines)
    return out


def sanitizer_env(more=""):
    common = f"exitcode={MEMORY_ERROR}{more}"
    return {"ASAN_OPTIONS": f"{common}:detect_leaks=1",
            "UBSAN_OPTIONS": f"{common}:halt_on_error=1:print_stacktrace=1"}


def run_sanitized(test):
    """Reports go to files: a child's would otherwise be lost when a test expects it to fail."""
    with tempfile.TemporaryDirectory(prefix="skep-test-") as folder:
        os.chmod(folder, 0o777)
        env = dict(environment(test), **sanitizer_env(f":log_path={folder}/report"))
        out = tap.outcome(*execute([test.path], env, folder))
        reports = [open(path, errors="replace").read()
                   for path in sorted(glob.glob(f"{folder}/report*"))]
        if reports:
            out.problem = "a sanitizer found errors"
            out.output += "".join(reports)
    return out
