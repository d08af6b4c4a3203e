# SPDX-License-Identifier: MIT
"""Boots a kernel in QEMU, hands on what its jobs print, and tells how each of them ended."""
import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from . import HANG, NO_MACHINE, PANIC, MachineError, accel, arch as archs, initramfs, kernels

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENV = {"PATH": PATH, "HOME": "/root", "TERM": "dumb", "LC_ALL": "C.UTF-8"}
HEAD = re.compile(rb"([oexmd]) (\d+)\n")
PANICKED = re.compile(r"Kernel panic - not syncing: .*")


@dataclass
class Job:
    argv: list
    folder: str = "/"


@dataclass
class Options:
    memory: int = 1024  # MiB, or more if the files need it
    smp: int = 1
    quiet_seconds: float = 120  # without a sign of life
    total_seconds: float = 1800
    job_seconds: int = 120
    modules: list = field(default_factory=list)  # "?name": only if the kernel has it
    files: list = field(default_factory=list)  # (host path, guest path or None for the same)
    libraries: list = field(default_factory=list)  # folders, for another architecture's programs
    env: dict = field(default_factory=dict)
    accel: str = ""  # empty: what works best here
    append: str = ""  # to the kernel's command line


def _strings(items):
    return b"".join(os.fsencode(i) + b"\0" for i in items)


def _archive(kernel, jobs, options):
    archive = initramfs.Archive(kernel.arch, options.libraries)
    modules = []
    names = [m.lstrip("?") for m in options.modules
             if not m.startswith("?") or kernel.module_path(m[1:])]
    for number, name in enumerate(names):
        modules.append(f"/skep/module-{number}-{name}.ko")
        archive.add_bytes(modules[-1], kernel.module(name))
    for host, guest in options.files:
        archive.add(host, guest)
    for job in jobs:
        archive.add_folder(job.folder)
        if os.path.exists(job.argv[0]):
            archive.add(job.argv[0])
    archive.add_bytes("skep/modules", _strings(modules))
    archive.add_bytes("skep/env", _strings(f"{k}={v}" for k, v in
                                           dict(ENV, **options.env).items()))
    archive.add_bytes("skep/jobs", b"".join(_strings([j.folder, *j.argv, ""]) for j in jobs))
    return archive


def _memory(initrd, options):
    """
    MiB. While the kernel unpacks the files they are there twice, and they may fill half of the
    memory that is left then.
    """
    return max(options.memory, 512 + 3 * os.path.getsize(initrd) // (1 << 20))


def _command(kernel, initrd, console, options):
    arch = archs.of(kernel.arch)
    words = [f"console={arch.console} panic=-1 oops=panic loglevel=5 SKEP_PORT={arch.port}",
             f"SKEP_JOB_SECONDS={options.job_seconds}", arch.words, kernel.append,
             options.append]
    argv = [*arch.qemu, "-accel", options.accel, "-m", str(_memory(initrd, options)),
            "-smp", str(options.smp), "-nodefaults", "-display", "none", "-no-reboot",
            *(word.format(console=console) for word in arch.devices),
            "-kernel", kernel.image(), "-initrd", initrd, "-append", " ".join(filter(None, words))]
    # Without its parent it would run for ever.
    return ["setpriv", "--pdeathsig", "KILL", *argv] if shutil.which("setpriv") else argv


class Frames:
    """Cuts the guest's port into (type, bytes)."""

    def __init__(self):
        self.data = b""

    def feed(self, data):
        self.data += data
        while True:
            head = HEAD.match(self.data)
            if not head:
                if len(self.data) > 32:
                    raise MachineError(NO_MACHINE, f"the guest's port is garbled: "
                                       f"{self.data[:60]!r}")
                return
            end = head.end() + int(head[2])
            if len(self.data) < end:
                return
            yield head[1].decode(), self.data[head.end():end]
            self.data = self.data[end:]


class Guest:
    def __init__(self, kernel, options, on_event):
        self.kernel, self.options, self.on_event = kernel, options, on_event
        self.codes = []
        self.done = False

    def run(self, jobs):
        """Exit codes of @jobs."""
        with tempfile.TemporaryDirectory(prefix="skep-vm-") as folder:
            self.console = f"{folder}/console"
            with open(f"{folder}/initrd", "wb") as f:
                initramfs.write_base(f, self.kernel.arch)
                _archive(self.kernel, jobs, self.options).write(f)
            argv = _command(self.kernel, f"{folder}/initrd", self.console, self.options)
            self._boot(argv, f"{folder}/errors")
        return self.codes

    def _boot(self, argv, errors):
        with open(errors, "w+b") as err:
            try:
                qemu = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=err)
            except FileNotFoundError:
                raise MachineError(NO_MACHINE, f"{argv[0]} is not installed; "
                                   "scripts/deps vm installs it") from None
            try:
                hung = self._follow(qemu)
            finally:
                qemu.kill()
                qemu.wait()
                qemu.stdout.close()
            err.seek(0)
            self._judge(hung, err.read().decode(errors="replace"))

    def _follow(self, qemu):
        """Until the machine is off; otherwise says what it waited for in vain."""
        frames, start = Frames(), time.monotonic()
        alive, size = start, 0
        while True:
            if select.select([qemu.stdout], [], [], 0.5)[0]:
                data = os.read(qemu.stdout.fileno(), 65536)
                if not data:
                    return ""
                alive = time.monotonic()
                for kind, payload in frames.feed(data):
                    self._event(kind, payload)
            now = time.monotonic()
            if self._console_size() != size:
                alive, size = now, self._console_size()
            if now - alive > self.options.quiet_seconds:
                return f"gave no sign of life for {self.options.quiet_seconds:g} s"
            if now - start > self.options.total_seconds:
                return f"was not done after {self.options.total_seconds:g} s"

    def _console_size(self):
        try:
            return os.path.getsize(self.console)
        except OSError:
            return 0

    def _event(self, kind, payload):
        if kind == "x":
            self.codes.append(int(payload))
        elif kind == "d":
            self.done = True
        self.on_event(kind, payload)

    def _console_text(self):
        try:
            with open(self.console, errors="replace") as f:
                return f.read().replace("\r", "")
        except OSError:
            return ""

    def _judge(self, hung, errors):
        text = self._console_text()
        where = f"kernel {self.kernel.label}"
        tail = "".join(f"\n  | {line}" for line in text.splitlines()[-60:])
        panic = PANICKED.search(text)
        if panic:
            raise MachineError(PANIC, f"{where} panicked: {panic[0]}; "
                               f"its console ended with:{tail}")
        if hung:
            raise MachineError(HANG, f"{where} hangs: it {hung}; its console ended with:{tail}")
        if not self.done:
            raise MachineError(NO_MACHINE, f"{where} stopped before all was done: "
                               f"{errors.strip() or 'QEMU gave no reason'}{tail}")


def run(kernel_name, jobs, options=None, on_event=lambda kind, payload: None, arch="amd64",
        say=lambda text: None):
    """Exit codes of @jobs, run one after the other in one boot. MachineError for all else."""
    options = options or Options()
    kernel = kernels.fetch(kernels.find(kernel_name, arch), say=say)
    if not options.accel:
        options.accel = accel.best(kernel)
    return Guest(kernel, options, on_event).run(jobs)
