# SPDX-License-Identifier: MIT
"""Configures and builds the variants of the tree, and lists their test executables."""
import json
import os
import subprocess
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

MAX_LINES = 60  # of a failed build; the first errors are the ones that count


class BuildError(Exception):
    pass


@dataclass
class Test:
    area: str
    name: str
    path: str
    env: dict
    needs_bpf: bool


def quiet(argv, **kwargs):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, **kwargs)
    if done.returncode:
        lines = done.stdout.splitlines()
        shown = lines[:MAX_LINES] + [f"... and {len(lines) - MAX_LINES} lines more"][
            :len(lines) > MAX_LINES]
        command = " ".join(argv[:6] + ["..."][:len(argv) > 6])
        raise BuildError(f"{command} failed ({done.returncode}):\n" + "\n".join(shown))
    return done.stdout


def configured(folder):
    """Option values of a build folder, or None if it is none."""
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        return None
    return {o["name"]: o["value"] for o in introspect(folder, "--buildoptions")}


def configure(folder, options, setup=()):
    """A folder that exists is reconfigured only for options that differ."""
    if os.path.exists(os.path.join(folder, "build.ninja")):
        # Which values its options may have is what meson_options.txt says now.
        subprocess.run(["ninja", "-C", folder, "build.ninja"], stdout=subprocess.DEVNULL)
    now = configured(folder)
    wanted = [f"-D{k}={v}" for k, v in options.items()]
    if now is None:
        quiet(["meson", "setup", folder, ROOT, *wanted, *setup])
    elif any(str(now.get(k)).lower() != v for k, v in options.items()):
        quiet(["meson", "configure", folder, *wanted])
    # What is listed next must be what meson.build says now.
    quiet(["ninja", "-C", folder, "build.ninja"])


def introspect(folder, what):
    return json.loads(quiet(["meson", "introspect", folder, what]))


def build(folder, areas):
    """The tests of @areas, built with what they need and nothing else."""
    files = {t["id"]: t["filename"] for t in introspect(folder, "--targets")}
    built = {path for paths in files.values() for path in paths}
    found, targets = [], set()
    for t in introspect(folder, "--tests"):
        area = t["suite"][0].split(":")[-1]
        if area not in areas:
            continue
        found.append(Test(area, t["name"].removeprefix(area + "-"), t["cmd"][0], t["env"],
                          area in ("kernel", "cli")))
        targets.update(path for i in t["depends"] for path in files[i])
        # Tests of the command line get the programs that they start by their environment.
        if area == "cli":
            targets.update(built & set(t["env"].values()))
    if targets:
        quiet(["ninja", "--quiet", "-C", folder, *(os.path.relpath(t, folder) for t in targets)])
    return found


def native(folder, areas):
    configure(folder, {"tests": "all"})
    return build(folder, areas)


def sanitized(folder, areas):
    configure(folder, {"tests": "all", "b_sanitize": "address,undefined", "b_lundef": "false"})
    return build(folder, areas)


def scripts(folder, areas=("cli", "vm", "compat")):
    """Executable tests/AREA/NAME.test: scripts that print TAP."""
    found = []
    for area in areas:
        path = os.path.join(ROOT, "tests", area)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if name.endswith(".test"):
                env = {"SKEP_BIN": f"{folder}/cli/skep", "SKEP_SOURCE": ROOT,
                       "SKEP_BUILD": folder}
                found.append(Test(area, name[:-5], os.path.join(path, name), env, False))
    return found
