# SPDX-License-Identifier: MIT
"""Where downloads are kept: outside the build folder, the same folder that skep itself uses."""
import contextlib
import fcntl
import os

from . import MachineError, NO_MACHINE


def _usable(folder):
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    # What lies here is booted and linked: nobody else may have put it there.
    stat = os.stat(folder)
    return stat.st_uid == os.geteuid() and not stat.st_mode & 0o022 and os.access(folder, os.W_OK)


def folder(*parts):
    """A folder in the cache, made if missing."""
    env = os.environ.get
    candidates = [env("SKEP_CACHE"),
                  env("XDG_CACHE_HOME") and os.path.join(env("XDG_CACHE_HOME"), "skep"),
                  env("HOME") and os.path.join(env("HOME"), ".cache", "skep"),
                  f"/var/tmp/skep-{os.geteuid()}"]
    for candidate in candidates:
        if candidate and candidate.startswith("/") and _usable(candidate):
            path = os.path.join(candidate, *parts)
            os.makedirs(path, exist_ok=True)
            return path
    raise MachineError(NO_MACHINE, "there is no folder to keep downloads in, tried "
                       + ", ".join(c for c in candidates if c) + "; set SKEP_CACHE to one")


@contextlib.contextmanager
def lock(name):
    """One process at a time fetches a thing; the others then find it in the cache."""
    with open(os.path.join(folder(), f".{name}.lock"), "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield
