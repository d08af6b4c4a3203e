# SPDX-License-Identifier: MIT
"""The tests of other architectures: cross-built against Debian's libraries of that architecture."""
import os

from . import builds, machine
from machine import apt, arch as archs  # noqa: E402

CPUS = {"arm64": ("aarch64", "little"), "s390x": ("s390x", "big")}
PACKAGES = {"arm64": ["libcmocka0", "libcmocka-dev", "libcapstone4", "libcapstone-dev"],
            "s390x": ["libcmocka0", "libcmocka-dev"]}
# What the tree has for each: the tracer knows no big-endian machine.
OPTIONS = {"arm64": {"tests": "kernel"}, "s390x": {"tests": "kernel", "library_only": "true"}}


class Cross:
    """@arch, in Debian's name, built below @folder."""

    def __init__(self, arch, folder):
        self.arch, self.folder = arch, os.path.join(folder, arch)
        self.triplet = archs.of(arch).triplet
        self.root = apt.sysroot(arch, ["bookworm"], PACKAGES[arch])

    @property
    def libraries(self):
        return f"{self.root}/usr/lib/{self.triplet}"

    def wrapper(self):
        """What runs a program of the architecture here; bpf(2) is not to be had so."""
        return [f"qemu-{CPUS[self.arch][0]}-static", "-L", f"/usr/{self.triplet}",
                "-E", f"LD_LIBRARY_PATH={self.libraries}"]

    def _file(self):
        cpu, endian = CPUS[self.arch]
        return f"""[binaries]
c = '{self.triplet}-gcc'
ar = '{self.triplet}-ar'
strip = '{self.triplet}-strip'
pkgconfig = 'pkg-config'
exe_wrapper = {self.wrapper()}
[properties]
sys_root = '{self.root}'
pkg_config_libdir = '{self.libraries}/pkgconfig'
[host_machine]
system = 'linux'
cpu_family = '{cpu}'
cpu = '{cpu}'
endian = '{endian}'
"""

    def build(self, areas):
        text, path = self._file(), self.folder + ".cross"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.exists(path) or open(path).read() != text:
            with open(path, "w") as f:
                f.write(text)
        builds.configure(self.folder, OPTIONS[self.arch], ["--cross-file", path])
        return builds.build(self.folder, areas)


def of_variants(variants):
    """The architectures that the virtual machines named need, besides this machine's own."""
    return sorted({machine.arch_of(v) for v in variants} - {archs.native()})
