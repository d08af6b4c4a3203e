# SPDX-License-Identifier: MIT
"""The kernels of vm/kernels: found through their metapackage, fetched once, kept unpacked."""
import glob
import lzma
import os
import re
from dataclasses import dataclass

from . import MachineError, NO_KERNEL, apt, cache

TABLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "kernels")


@dataclass
class Kernel:
    name: str
    arch: str
    suites: list
    package: str
    append: str = ""  # to the kernel's command line

    @property
    def label(self):
        """What people and the tests call it."""
        return self.name if self.arch == "amd64" else f"{self.name}-{self.arch}"

    @property
    def folder(self):
        return os.path.join(cache.folder("kernels"), f"{self.name}-{self.arch}")

    def fetched(self):
        return os.path.isdir(self.folder)

    def _one(self, *patterns):
        """Debian has the kernel in boot/, and from 7.2 on in usr/lib/modules/VERSION/."""
        for pattern in patterns:
            found = glob.glob(os.path.join(self.folder, pattern))
            if found:
                return found[0]
        raise MachineError(NO_KERNEL, f"kernel {self.label}: nothing in {self.folder} matches "
                           f"{' or '.join(patterns)}; remove that folder to fetch it again")

    def image(self):
        return self._one("boot/vmlinu[xz]-*", "usr/lib/modules/*/vmlinu[xz]")

    def module_path(self, name):
        """The module's file; None if the kernel has no such module."""
        file = name.replace("-", "_")
        roots = ("lib/modules", "usr/lib/modules")
        for other in {file, file.replace("_", "-")}:
            for root in roots:
                for path in glob.glob(f"{self.folder}/{root}/**/{other}.ko*", recursive=True):
                    return path
        return None

    def module(self, name):
        """The module's bytes, ready for finit_module."""
        path = self.module_path(name)
        if not path:
            raise MachineError(NO_KERNEL, f"kernel {self.label} has no module {name}")
        opened = lzma.open(path) if path.endswith(".xz") else open(path, "rb")
        with opened as f:
            return f.read()


def table():
    kernels = []
    with open(TABLE) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, arch, suites, package, *append = line.split()
                kernels.append(Kernel(name, arch, suites.split(","), package, " ".join(append)))
    return kernels


def find(name, arch="amd64"):
    """By its name and architecture, or by its label."""
    wanted = name if arch == "amd64" else f"{name}-{arch}"
    for kernel in table():
        if kernel.label == wanted:
            return kernel
    raise MachineError(NO_KERNEL, f"there is no kernel {wanted} in vm/kernels; it has: "
                       + " ".join(k.label for k in table()))


def _image(private, kernel, say):
    """The newest of the kernel's version; where the suites have moved on, what came after it."""
    images = [d for d in private.depends(kernel.package) if re.match(r"linux-image-\d", d)]
    own = re.compile(rf"linux-image-{re.escape(kernel.name)}(?!\d)")
    found = next(filter(own.match, images), None)
    if images and not found:
        say(f"vm: {kernel.package} is no longer {kernel.name} in {' '.join(kernel.suites)}: "
            f"{images[0]} is used")
    return found or next(iter(images), None)


def _packages(private, kernel, say):
    """The image, and where Debian has split it (7.2), the parts that it depends on."""
    image = _image(private, kernel, say)
    if not image:
        return []
    parts = [d for d in private.depends(image)
             if d.startswith(("linux-binary-", "linux-modules-"))]
    return parts or [image]


def _fetch(kernel, say):
    private = apt.Apt(kernel.arch, kernel.suites)
    trouble = private.update()
    packages = _packages(private, kernel, say)
    if not packages:
        apt.fail(f"kernel {kernel.label}: {kernel.package} is not in {' '.join(kernel.suites)}"
                 + (f":\n{trouble.strip()}" if trouble else ""))
    apt.unpack([private.download(p) for p in packages], kernel.folder)


def fetch(kernel, update=False, say=lambda text: None):
    """Makes sure that @kernel is in the cache; one that is there serves while mirrors do not."""
    with cache.lock("apt"):
        if kernel.fetched() and not update:
            return kernel
        say(f"vm: fetching kernel {kernel.label} ({kernel.package})")
        try:
            _fetch(kernel, say)
        except MachineError as e:
            if not kernel.fetched():
                raise MachineError(NO_KERNEL, f"kernel {kernel.label} is missing: {e}") from None
            say(f"vm: the kernel of an earlier day is used: {e}")
    return kernel
