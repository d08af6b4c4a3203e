# SPDX-License-Identifier: MIT
"""Writes an initramfs (cpio, newc): the init, and files of this machine at their own paths."""
import hashlib
import os
import re
import stat
import subprocess

from . import MachineError, NO_MACHINE, arch as archs, cache

VM = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INIT_FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-static"]
# All is in memory: nothing is mounted over /tmp, where the files given may be.
FOLDERS = {"proc": 0o555, "sys": 0o555, "run": 0o755, "tmp": 0o1777, "var": 0o755,
           "var/tmp": 0o1777, "root": 0o700, "etc": 0o755, "skep": 0o755}
ETC = {"etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
       "etc/group": b"root:x:0:\nnogroup:x:65534:\n", "etc/hosts": b"127.0.0.1 localhost skep\n"}


def init(arch):
    """The init, compiled once for each version of its source."""
    source = os.path.join(VM, "init.c")
    with open(source, "rb") as f:
        digest = hashlib.sha256(f.read() + repr(INIT_FLAGS).encode()).hexdigest()[:16]
    path = os.path.join(cache.folder("init"), f"{arch}-{digest}")
    if not os.path.exists(path):
        temp = f"{path}.{os.getpid()}"
        argv = [archs.compiler(arch), *INIT_FLAGS, source, "-o", temp]
        done = subprocess.run(argv, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise MachineError(NO_MACHINE, f"{' '.join(argv)} failed:\n{done.stderr}")
        os.rename(temp, path)
    return path


def libraries(path):
    """Shared libraries and loader of an executable; none if it is static or a script."""
    with open(path, "rb") as f:
        if f.read(4) != b"\x7fELF":
            return []
    done = subprocess.run(["ldd", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True)
    missing = re.findall(r"^\s*(\S+) => not found", done.stdout, re.M)
    if missing:
        raise MachineError(NO_MACHINE, f"{path} needs {', '.join(missing)}, which is not found")
    return re.findall(r"(?:=> |^\s*)(/\S+) \(", done.stdout, re.M)


class ForeignLibraries:
    """Those of another architecture's programs, which the machine's own loader cannot list."""

    def __init__(self, arch, folders):
        self.folders = [*folders, f"/usr/{archs.of(arch).triplet}/lib"]

    def _find(self, name, path):
        for folder in self.folders:
            if os.path.exists(f"{folder}/{name}"):
                return f"{folder}/{name}"
        raise MachineError(NO_MACHINE, f"{path} needs {name}, which is not in "
                           + " or ".join(self.folders))

    def of(self, path):
        """(this machine's path, the guest's path) of loader and shared libraries."""
        done = subprocess.run(["readelf", "-Wld", path], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, env=dict(os.environ, LC_ALL="C"))
        found = [(self._find(os.path.basename(loader), path), loader) for loader in
                 re.findall(r"Requesting program interpreter: (/[^\]]+)\]", done.stdout)]
        return found + [(self._find(name, path), f"/lib/{name}") for name in
                        re.findall(r"\(NEEDED\).*\[([^\]]+)\]", done.stdout)]


def interpreter(path):
    with open(path, "rb") as f:
        first = f.readline(256)
    return first[2:].split()[0].decode() if first.startswith(b"#!/") else None


class Archive:
    def __init__(self, arch=None, folders=()):
        self.foreign = None
        if arch and arch != archs.native():
            self.foreign = ForeignLibraries(arch, folders)
        self.entries = {}  # path without leading slash -> (mode, bytes or a path to read)

    def add_bytes(self, path, data, mode=0o644):
        path = os.path.normpath(path).lstrip("/")
        self._parents(path)
        self.entries[path] = (stat.S_IFREG | mode, data)

    def add_folder(self, path, mode=None):
        path = os.path.normpath(path).lstrip("/")
        if path and path != ".":
            self._parents(path)
            mode = mode or FOLDERS.get(path, 0o755)
            self.entries.setdefault(path, (stat.S_IFDIR | mode, b""))

    def _parents(self, path):
        parent = os.path.dirname(path)
        if parent and parent not in self.entries:
            self.add_folder(parent)

    def add(self, path, guest=None):
        """
        A file, or a folder with all below it, at its own path or at @guest; with the symbolic links
        on the way to it, and what an executable needs to run.
        """
        if guest:
            self._copy(path, guest)
        else:
            self._own_path(os.path.abspath(path))

    def _own_path(self, path):
        at = "/"
        for part in path.strip("/").split("/"):
            at = os.path.join(at, part)
            if os.path.islink(at):
                target = os.readlink(at)
                if at.lstrip("/") not in self.entries:
                    self._parents(at.lstrip("/"))
                    self.entries[at.lstrip("/")] = (stat.S_IFLNK | 0o777, target.encode())
                rest = path[len(at):].lstrip("/")
                real = os.path.normpath(os.path.join(os.path.dirname(at), target, rest))
                return self._own_path(real)
        self._copy(path, path)

    def _copy(self, path, guest):
        st = os.stat(path)
        name = os.path.normpath(guest).lstrip("/")
        if name in self.entries and not stat.S_ISDIR(st.st_mode):
            return
        if stat.S_ISDIR(st.st_mode):
            self.add_folder(guest, stat.S_IMODE(st.st_mode))
            for entry in sorted(os.listdir(path)):
                if os.path.exists(os.path.join(path, entry)):
                    self._below(os.path.join(path, entry), os.path.join(guest, entry))
        elif stat.S_ISREG(st.st_mode):
            self._parents(name)
            self.entries[name] = (stat.S_IFREG | stat.S_IMODE(st.st_mode), path)
            if st.st_mode & 0o111:
                self._needs(path)

    def _below(self, path, guest):
        if path == guest:
            self._own_path(path)
        else:
            self._copy(path, guest)

    def _needs(self, path):
        if self.foreign:
            for host, guest in self.foreign.of(path):
                self._copy(os.path.realpath(host), guest)
            return
        for library in libraries(path):
            self._own_path(library)
        script = interpreter(path)
        if script and os.path.exists(script):
            self._own_path(script)

    def write(self, out):
        for number, (path, (mode, data)) in enumerate(self.entries.items(), 1):
            if isinstance(data, str):
                with open(data, "rb") as f:
                    data = f.read()
            _entry(out, number, path, mode, data)
        _entry(out, 0, "TRAILER!!!", 0, b"")


def _entry(out, number, path, mode, data, device=(0, 0)):
    name = os.fsencode(path) + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % f for f in fields) + name
    out.write(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))


def write_base(out, arch):
    """What every guest has."""
    _entry(out, 1, "dev", stat.S_IFDIR | 0o755, b"")
    # Before devtmpfs is mounted, init's own messages need it.
    _entry(out, 2, "dev/console", stat.S_IFCHR | 0o600, b"", (5, 1))
    base = Archive()
    for folder, mode in FOLDERS.items():
        base.add_folder(folder, mode)
    for path, data in ETC.items():
        base.add_bytes(path, data)
    with open(init(arch), "rb") as f:
        base.add_bytes("init", f.read(), 0o755)
    base.write(out)
