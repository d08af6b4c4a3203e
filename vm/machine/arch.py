# SPDX-License-Identifier: MIT
"""The architectures that machines can have, in Debian's names."""
import os
from dataclasses import dataclass, field

from . import NO_MACHINE, MachineError


@dataclass(frozen=True)
class Arch:
    qemu: list
    console: str  # the kernel's name of it
    port: str  # the device that results go to
    triplet: str
    devices: list = field(default_factory=list)  # the console, a file, and the port, stdio
    compiler: str = ""
    words: str = ""  # for the kernel's command line


# A second serial port needs no module in any kernel; where a machine has just one, virtio has.
# It is connected only while its other end is open: stdio ends with stdin.
VIRTIO_PORT = ["-chardev", "file,id=port,path=/dev/stdout", "-device", "virtserialport,chardev=port"]
ARCHS = {
    "amd64": Arch(["qemu-system-x86_64", "-M", "pc", "-cpu", "max"], "ttyS0", "ttyS1",
                  "x86_64-linux-gnu", ["-serial", "file:{console}", "-serial", "stdio"], "gcc",
                  # On a busy host the timer's test fails, and that is a panic.
                  "no_timer_check"),
    # With -cpu max, pointer authentication makes all five times slower.
    "arm64": Arch(["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57"], "ttyAMA0",
                  "vport0p1", "aarch64-linux-gnu",
                  ["-serial", "file:{console}", "-device", "virtio-serial-pci", *VIRTIO_PORT]),
    # QEMU 7.2 gets the vector checksum wrong: packets whose sum is computed with it are dropped.
    "s390x": Arch(["qemu-system-s390x", "-M", "s390-ccw-virtio", "-cpu", "max,vx=off"],
                  "ttysclp0", "vport0p1", "s390x-linux-gnu",
                  ["-chardev", "file,id=console,path={console}",
                   "-device", "sclpconsole,chardev=console",
                   "-device", "virtio-serial-ccw", *VIRTIO_PORT]),
}


def of(name):
    if name not in ARCHS:
        raise MachineError(NO_MACHINE, f"no machine is described for {name}")
    return ARCHS[name]


def native():
    machine = {"x86_64": "amd64", "aarch64": "arm64"}
    return machine.get(os.uname().machine, os.uname().machine)


def compiler(name):
    found = of(name)
    return found.compiler or f"{found.triplet}-gcc"
