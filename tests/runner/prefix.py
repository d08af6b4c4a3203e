# SPDX-License-Identifier: MIT
"""A build as `make install` leaves it, in a folder of a test's own."""
import os
import re
import subprocess

from . import builds

BUILD = os.environ.get("SKEP_BUILD", f"{builds.ROOT}/build")


class Prefix:
    """Under @top; @place is the folder's name, which may have a space in it."""

    def __init__(self, top, place="place"):
        self.cache = f"{top}/cache"
        os.mkdir(self.cache)
        done = subprocess.run(["meson", "install", "-C", BUILD, "--destdir", f"{top}/{place}"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        self.pkgconfig = next(path for path, _, files in os.walk(top) if "skep.pc" in files)
        with open(f"{self.pkgconfig}/skep.pc") as f:
            text = f.read()
        own = re.search(r"^prefix=(.*)$", text, re.M)[1].replace("\\ ", " ")
        self.path = f"{top}/{place}{own}"
        self.skep = f"{self.path}/bin/skep"
        # As if it had been configured for that prefix.
        with open(f"{self.pkgconfig}/skep.pc", "w") as f:
            escaped = self.path.replace(" ", "\\ ")
            f.write(re.sub(r"^prefix=.*$", lambda _: f"prefix={escaped}", text, flags=re.M))
