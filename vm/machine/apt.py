# SPDX-License-Identifier: MIT
"""
A private apt: packages of any suite and architecture, verified by Debian's keys as always, without
root's rights and without touching the machine's own apt. Mirror and proxy are the machine's.
"""
import os
import re
import shutil
import subprocess
import time

from . import MachineError, NO_KERNEL, cache

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Seconds before each new try: a mirror that is being synchronised needs some.
RETRY_AFTER = (3, 10, 30)[:int(os.environ.get("SKEP_MIRROR_PATIENCE", "3"))]


def fail(text):
    raise MachineError(NO_KERNEL, text)


def output(argv, **kwargs):
    try:
        return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL, **kwargs)
    except FileNotFoundError:
        fail(f"{argv[0]} is not installed; packages can only be fetched where apt is")


def host_mirrors():
    """Suite -> base URI, as the machine's own sources have them."""
    found = output(["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)",
                    "Created-By: Packages"])
    return dict(line.split(" ", 1) for line in found.stdout.splitlines() if " " in line)


def mirror_of(suite, mirrors):
    """A suite that the machine does not use lies beside one of its kind."""
    asked = os.environ.get("SKEP_MIRROR_SECURITY" if suite.endswith("-security") else "SKEP_MIRROR")
    if asked or suite in mirrors:
        return asked or mirrors[suite]
    for other, uri in mirrors.items():
        if other.endswith("-security") == suite.endswith("-security"):
            return uri
    fail(f"no source in /etc/apt has Debian's suite {suite} or its like; "
         "add one, or give its mirror in SKEP_MIRROR or SKEP_MIRROR_SECURITY")


def host_settings():
    """How the machine reaches its mirrors (proxy, certificates, dates), not what it installs."""
    dump = output(["apt-config", "dump"]).stdout
    return "".join(line + "\n" for line in dump.splitlines()
                   if line.startswith("Acquire::") and "IndexTargets" not in line)


class Apt:
    def __init__(self, arch, suites):
        self.arch, self.suites = arch, suites
        self.root = cache.folder("apt", f"{'+'.join(suites)}-{arch}")
        self.env = dict(os.environ, APT_CONFIG=f"{self.root}/apt.conf", LC_ALL="C")
        for sub in ("etc", "state/lists/partial", "cache/archives/partial"):
            os.makedirs(f"{self.root}/{sub}", exist_ok=True)
        open(f"{self.root}/state/status", "a").close()

    def _configure(self):
        mirrors = host_mirrors()
        with open(f"{self.root}/etc/debian.sources", "w") as f:
            for suite in self.suites:
                f.write(f"Types: deb\nURIs: {mirror_of(suite, mirrors)}\nSuites: {suite}\n"
                        f"Components: main\nArchitectures: {self.arch}\nSigned-By: {KEYRING}\n\n")
        with open(f"{self.root}/apt.conf", "w") as f:
            f.write(host_settings() + f"""
APT::Architecture "{self.arch}";
APT::Architectures {{ "{self.arch}"; }};
APT::Sandbox::User "{'root' if not os.geteuid() else ''}";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Etc "{self.root}/none";
Dir::Etc::sourcelist "{self.root}/none";
Dir::Etc::sourceparts "{self.root}/etc";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State "{self.root}/state";
Dir::State::status "{self.root}/state/status";
Dir::Cache "{self.root}/cache";
""")

    def _run(self, *argv, **kwargs):
        return output(argv, env=self.env, **kwargs)

    def update(self):
        """Fetches the indexes; what failed for good is told, what is there can still be used."""
        self._configure()
        for delay in RETRY_AFTER + (None,):
            done = self._run("apt-get", "update", "-o", "APT::Update::Error-Mode=any")
            if not done.returncode:
                return ""
            if delay is None:
                return "".join(x + "\n" for x in done.stderr.splitlines() if x.startswith("E:"))
            time.sleep(delay)

    def depends(self, package):
        """What the versions of @package that the suites have depend on, the newest's first."""
        done = self._run("apt-cache", "show", package)
        lines = re.findall(r"^Depends: (.*)$", done.stdout, re.M)
        return [one.split()[0] for line in lines for one in line.split(", ")]

    def download(self, package):
        """The package's file, in the cache; apt checks it against the signed index."""
        debs = cache.folder("debs")
        before = {f: os.path.getmtime(f"{debs}/{f}") for f in os.listdir(debs)}
        for delay in RETRY_AFTER + (None,):
            done = self._run("apt-get", "download", package, cwd=debs)
            names = [f for f in os.listdir(debs) if f.startswith(f"{package}_")
                     and f.endswith(f"_{self.arch}.deb")]
            new = [f for f in names if before.get(f) is None] or names
            if not done.returncode and new:
                return os.path.join(debs, max(new, key=lambda f: os.path.getmtime(f"{debs}/{f}")))
            if delay is None:
                fail(f"package {package} could not be fetched:\n{done.stderr.strip()}")
            time.sleep(delay)


def unpack(debs, folder):
    """Into @folder as a whole, or not at all."""
    temp = f"{folder}.new"
    shutil.rmtree(temp, ignore_errors=True)
    for deb in debs:
        done = output(["dpkg", "-x", deb, temp])
        if done.returncode:
            fail(f"{deb} could not be unpacked:\n{done.stderr.strip()}")
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(temp, folder)


def sysroot(arch, suites, packages):
    """A folder with @packages unpacked into it, for a cross build."""
    root = os.path.join(cache.folder("sysroot"), f"{arch}-{'+'.join(packages)}")
    with cache.lock("apt"):
        if not os.path.isdir(root):
            private = Apt(arch, suites)
            private.update()
            unpack([private.download(p) for p in packages], root)
    return root
