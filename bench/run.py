#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares skep with Debian's libbpf and strace in one run and prints ratios.

usage: run.py BUILD_DIR [--rounds N] [load] [maps] [trace] [inspect] [log] [gen] [bus] [sqlite]
              [filter] [lines] [build] [run] [symbols]

Every number is a median over interleaved rounds, so that what else the machine does hits all
rivals alike. Times differ from machine to machine; the ratios are what is compared.
"""
import argparse
import array
import os
import re
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

OBJECTS = [
    ("minimal", "one program"),
    ("core", "one program, ten kernel types"),
    ("many", "24 programs, ten kernel types"),
]


TOOLS = os.environ["PATH"] + ":/usr/sbin:/sbin"


def table(title, header, rows):
    print(f"\n{title}")
    widths = [max(len(str(r[i])) for r in [header] + rows) for i in range(len(header))]
    for row in [header] + rows:
        cells = [str(c).ljust(w) if i == 0 else str(c).rjust(w)
                 for i, (c, w) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells))


def output(argv, **kwargs):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs)
    if done.returncode:
        sys.exit(f"{' '.join(argv)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def calls(argv, which="all"):
    """System calls of a command, counted by strace."""
    with tempfile.NamedTemporaryFile() as log:
        output(["strace", "-f", "-e", f"trace={which}", "-o", log.name] + argv)
        with open(log.name) as lines:
            return sum("(" in line and " resumed>" not in line for line in lines)


def bench_load(build, rounds):
    loaders = {"skep": f"{build}/bench/load_skep", "libbpf": f"{build}/bench/load_libbpf"}
    if not os.path.exists(loaders["libbpf"]):
        sys.exit("libbpf-dev is not installed: there is nothing to compare with")
    rows = []
    for name, what in OBJECTS:
        obj = f"{build}/bench/{name}.bpf.o"
        times = {k: [] for k in loaders}
        for _ in range(rounds):
            for loader, exe in loaders.items():
                times[loader].append([int(n) for n in output([exe, obj]).split()])
        median = {k: [statistics.median(n) for n in zip(*v)] for k, v in times.items()}
        bpf = {k: calls([exe, obj], "bpf") // 2 for k, exe in loaders.items()}
        for i, part in enumerate(["total", "outside bpf(2)", "again in the same process"]):
            ms = {k: v[i] / 1e6 for k, v in median.items()}
            more = [bpf["skep"], bpf["libbpf"], f"{median['skep'][3] / 1024:.1f}",
                    f"{median['libbpf'][3] / 1024:.1f}"] if i == 0 else [""] * 4
            rows.append([f"{name}: {what}" if i == 0 else f"  {part}", f"{ms['skep']:.3f}",
                         f"{ms['libbpf']:.3f}", f"{ms['libbpf'] / ms['skep']:.1f}x", *more])
    version = output(["pkg-config", "--modversion", "libbpf"]).strip()
    table(f"Open and load an object in a fresh process (median of {rounds}, against libbpf "
          f"{version})",
          ["object", "skep ms", "libbpf ms", "faster", "bpf(2)", "libbpf", "MiB", "libbpf"], rows)


def bench_maps(build, rounds):
    """Elements of a map, and records of a ring buffer, on one CPU."""
    pin = ["taskset", "-c", "0"]
    walks, rings = [], {"skep": [], "libbpf": []}
    for _ in range(min(rounds, 11)):
        walks.append([float(n) for n in output(pin + [f"{build}/bench/walk"]).split()])
        for name, times in rings.items():
            times.append(float(output(pin + [f"{build}/bench/ring_{name}",
                                             f"{build}/bench/ring.bpf.o"])))
    batches, keys = (statistics.median(w[i] for w in walks) for i in range(2))
    table(f"A walk over a hash of 100,000, ns of CPU an element (median of {len(walks)})",
          ["", "ns", "faster"],
          [["by batches", f"{batches:.1f}", f"{keys / batches:.1f}x"],
           ["key by key", f"{keys:.1f}", ""]])
    ns = {name: statistics.median(times) for name, times in rings.items()}
    table(f"A ring buffer read: records of 64 bytes, in place (median of {len(walks)})",
          ["", "ns of CPU a record", "million a second"],
          [[name, f"{n:.2f}", f"{1000 / n:.0f}"] for name, n in ns.items()])


class Tracing:
    """getppid(2) N times under one tracer after the other."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.result = f"{folder}/result"

    def workload(self, calls):
        return [f"{self.build}/bench/getppid", str(calls), self.result]

    def read(self):
        with open(self.result) as f:
            wall, cpu = f.read().split()
        return float(wall), float(cpu)

    def bare(self, calls, pin):
        output(pin + self.workload(calls))
        return self.read()

    def filter(self, calls, pin):
        output(pin + [f"{self.build}/cli/skep", "run", f"{self.build}/bench/filter.bpf.o", "--"]
               + self.workload(calls))
        return self.read()

    def skep(self, calls, pin):
        trace = pin + [f"{self.build}/cli/skep", "trace", "-o", f"jsonl:{self.folder}/skep.jsonl",
                       "--"] + self.workload(calls)
        done = subprocess.run(trace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode or not re.search(r"\b0 lost", done.stderr):
            sys.exit(f"skep trace failed or lost calls:\n{done.stderr}")
        return self.read()

    def strace(self, calls, pin):
        output(pin + ["strace", "-f", "-o", f"{self.folder}/strace.txt"] + self.workload(calls))
        return self.read()


def bench_trace(build, rounds):
    rows = []
    rounds = min(rounds, 7)
    with tempfile.TemporaryDirectory() as folder:
        t = Tracing(build, folder)
        # strace is slow: fewer calls give as good a median.
        tracers = [("bare", t.bare, 1000000), ("hooks with a filter only", t.filter, 1000000),
                   ("skep trace, JSON lines to a file", t.skep, 300000),
                   ("strace -f -o file", t.strace, 20000)]
        for label, pin in [("pinned to one CPU", ["taskset", "-c", "0"]), ("unpinned", [])]:
            wall = {name: [] for name, _, _ in tracers}
            cpu = {name: [] for name, _, _ in tracers}
            for _ in range(rounds):
                for name, run, calls in tracers:
                    w, c = run(calls, pin)
                    wall[name].append(w)
                    cpu[name].append(c)
            bare = statistics.median(wall["bare"])
            added_strace = statistics.median(wall["strace -f -o file"]) - bare
            for name, _, _ in tracers:
                w = statistics.median(wall[name])
                added = w - bare
                ratio = "" if name == "bare" or added <= 0 else f"1/{added_strace / added:.0f}"
                rows.append([f"{label}: {name}", f"{w:.0f}", f"{statistics.median(cpu[name]):.0f}",
                             f"{added:.0f}", ratio])
    table(f"A getppid(2) under each tracer, ns a call (median of {rounds})",
          ["", "wall", "CPU", "wall added", "of strace's"], rows)


def wall_ms(argv):
    """A command from its start to its end, with nothing of Python's between."""
    null = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    start = time.perf_counter_ns()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=null)
    status = os.waitpid(pid, 0)[1]
    if status:
        sys.exit(f"{' '.join(argv)} failed ({os.waitstatus_to_exitcode(status)})")
    return (time.perf_counter_ns() - start) / 1e6


# All columns of the list but the processes, which bpftool 7.1 of Debian does not have.
WITHOUT_HOLDERS = "id,type,name,tag,xlated_bytes,jited_bytes,map_ids,load_time,uid"


def bench_inspect(build, rounds):
    """A list of programs while some are loaded; $BPFTOOL is another bpftool than Debian's."""
    bpftool = os.environ.get("BPFTOOL", "bpftool")
    if not shutil.which(bpftool):
        sys.exit(f"{bpftool} is not installed: there is nothing to compare with")
    version = output([bpftool, "version"])
    holders = "with" if "skeletons" in version else "without"
    listed = [f"{build}/cli/skep", "inspect", "prog"]
    commands = {"skep": listed, "skep without processes": listed + ["--columns", WITHOUT_HOLDERS],
                "bpftool": [bpftool, "prog", "show"]}
    rows = []
    for n in [1, 100]:
        loaded = subprocess.Popen([f"{build}/bench/programs", f"{build}/bench/minimal.bpf.o",
                                   str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        loaded.stdout.readline()
        times = {name: [] for name in commands}
        for _ in range(rounds):
            for name, argv in commands.items():
                times[name].append(wall_ms(argv))
        ms = {name: statistics.median(t) for name, t in times.items()}
        rows += [[f"{n} programs: {name}", f"{ms[name]:.2f}", f"{ms['bpftool'] / ms[name]:.1f}x",
                  calls(argv)] for name, argv in commands.items()]
        loaded.communicate()
    table(f"A list of the programs (median of {rounds}, against {version.split(chr(10))[0]}, "
          f"{holders} processes)", ["", "ms", "of bpftool's speed", "system calls"], rows)


def bench_log(build, rounds):
    """A line from a program, by the kernel's own mean over many test runs."""
    exe = [f"{build}/bench/log_cost", f"{build}/bench/log.bpf.o"]
    runs = [[int(n) for n in output(["taskset", "-c", "0"] + exe).split()]
            for _ in range(min(rounds, 7))]
    none, printk, log, off = (statistics.median(r[i] for r in runs) for i in range(4))
    rows = [["bpf_printk", printk - none, ""],
            ["skep_info", log - none, f"{(printk - none) / max(log - none, 1):.1f}x"],
            ["skep_trace, which is off", off - none, ""]]
    table(f"A line with three numbers, ns of the program's time (median of {len(runs)})",
          ["", "ns", "faster"], rows)


def bench_bus(build, rounds):
    """The publisher's own CPU time, for records that its subscribers read at the same time."""
    exe = [f"{build}/bench/bus"]
    runs = [[float(n) for n in output(exe).split()] for _ in range(min(rounds, 7))]
    rows = [["no subscriber", f"{statistics.median(r[0] for r in runs):.1f}"],
            ["three subscribers", f"{statistics.median(r[1] for r in runs):.1f}"]]
    table(f"A record of 64 bytes on the bus, ns of the publisher (median of {len(runs)})",
          ["", "ns"], rows)


def bench_sqlite(build, rounds):
    """Rows of eight columns into a new database: the output, a loop for just these, an import."""
    exe, rows = f"{build}/bench/sqlite", 500000
    if not os.path.exists(exe) or not shutil.which("sqlite3"):
        sys.exit("libsqlite3-dev or sqlite3 is not installed: there is nothing to compare with")
    pragmas = ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"]
    times = {"-o sqlite": [], "a loop of C": [], "sqlite3 .import": []}
    with tempfile.TemporaryDirectory() as folder:
        csv = f"{folder}/rows.csv"
        output([exe, "csv", csv, str(rows)])
        for i in range(min(rounds, 5)):
            for way, name in (("sink", "-o sqlite"), ("loop", "a loop of C")):
                ns = int(output([exe, way, f"{folder}/{way}{i}.db", str(rows)]))
                times[name].append(ns / 1e9)
            begin = time.monotonic()
            output(["sqlite3", f"{folder}/import{i}.db"] + pragmas + [f".import --csv {csv} events"])
            times["sqlite3 .import"].append(time.monotonic() - begin)
            for way in ("sink", "loop", "import"):
                os.remove(f"{folder}/{way}{i}.db")
    medians = {name: statistics.median(values) for name, values in times.items()}
    table(f"{rows} rows of eight columns into SQLite (median of {min(rounds, 5)})",
          ["", "rows/s", "of the loop's"],
          [[name, f"{rows / s:,.0f}", f"{medians['a loop of C'] / s:.2f}x"]
           for name, s in medians.items()])


def bench_filter(build, rounds):
    runs = [output([f"{build}/bench/record_filter", "2000000"]).splitlines()
            for _ in range(min(rounds, 7))]
    rows = [[lines[0].split(" ", 1)[1],
             f"{statistics.median(float(line.split()[0]) for line in lines):.1f}"]
            for lines in zip(*runs)]
    table(f"A filter on a record of 64 bytes (median of {len(runs)})", ["filter", "ns"], rows)
def instructions(argv, lines):
    """Of a line: what more lines of them cost, by callgrind."""
    counts = []
    with tempfile.TemporaryDirectory() as folder:
        for n in [lines, 2 * lines]:
            done = subprocess.run(
                ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
                + argv + [str(n), "/dev/null"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True)
            found = re.search(r"Collected : (\d+)", done.stderr)
            if not found:
                sys.exit(f"valgrind failed:\n{done.stderr}")
            counts.append(int(found[1]))
    return (counts[1] - counts[0]) / lines


def bench_lines(build, rounds):
    """Records of 64 bytes with eight members as lines in a file, on one CPU."""
    kinds = [("snprintf, JSON lines", "snprintf", "plain"), ("text", "text", "plain"),
             ("JSON lines", "jsonl", "plain"), ("CSV", "csv", "plain"),
             ("logfmt", "logfmt", "plain"),
             ("text, with a time, a size, an error and a duration", "text", "meaning"),
             ("JSON lines with them", "jsonl", "meaning")]
    times = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(min(rounds, 9)):
            for kind in kinds:
                out = output(["taskset", "-c", "0", f"{build}/bench/lines", *kind[1:], "1000000",
                              f"{folder}/lines"])
                times[kind].append([float(n) for n in out.split()])
    ns = {kind: statistics.median(t[0] for t in times[kind]) for kind in kinds}
    table(f"A record of eight members as a line in a file (median of {min(rounds, 9)})",
          ["", "ns of CPU", "million a second", "of snprintf's time", "bytes", "instructions"],
          [[kind[0], f"{ns[kind]:.0f}", f"{1000 / ns[kind]:.1f}",
            f"{ns[kind] / ns[kinds[0]]:.2f}", f"{times[kind][0][1]:.0f}",
            f"{instructions([f'{build}/bench/lines', *kind[1:]], 10000):.0f}"] for kind in kinds])


def cpu_ms(argv):
    """Of user and system, which other work on the machine hardly changes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output(argv)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def many_objects(folder, n):
    """Objects that each have a program, variables, and what the one before them defines."""
    for i in range(n):
        with open(f"{folder}/{i}.bpf.c", "w") as f:
            f.write("#include <linux/types.h>\n#include <skep/bpf/helpers.h>\n"
                    "char LICENSE[] SEC(\"license\") = \"GPL\";\n"
                    f"struct shared {{ int a; struct own{i} *o; }};\n"
                    f"struct own{i} {{ struct shared s; long x[{i + 1}]; }};\n"
                    f"struct own{i} value{i} = {{ .x = {{ {i} }} }};\n")
            if i:
                f.write(f"extern int add{i - 1}(int x);\n")
            call = f"add{i - 1}(x)" if i else "x"
            f.write(f"__attribute__((noinline)) int add{i}(int x) {{ return {call} + "
                    f"value{i}.x[0]; }}\n"
                    f"SEC(\"socket\") int program{i}(void *ctx) {{ return add{i}(ctx != 0); }}\n")
        output(["clang-19", "-target", "bpf", "-g", "-O2", "-I", "include",
                "-I", "/usr/include/x86_64-linux-gnu", "-c", f"{folder}/{i}.bpf.c",
                "-o", f"{folder}/{i}.o"])
    return [f"{folder}/{i}.o" for i in range(n)]


def kernel_types(first_id, first_string):
    """The types and strings of the kernel's BTF behind those of another; variables are integers."""
    with open("/sys/kernel/btf/vmlinux", "rb") as f:
        raw = f.read()
    header = struct.unpack_from("<HBBIIIII", raw)
    types = array.array("I", raw[24:24 + header[5]])
    # Of each kind: words of a member, where in it a name and a type are, and whether it refers.
    layout = {2: (0, "", 1), 3: (0, "", 0), 4: (3, "nt", 0), 5: (3, "nt", 0), 6: (2, "n", 0),
              8: (0, "", 1), 9: (0, "", 1), 10: (0, "", 1), 11: (0, "", 1), 12: (0, "", 1),
              13: (2, "nt", 1), 14: (0, "", 0), 15: (3, "t", 0), 17: (0, "", 1), 18: (0, "", 1),
              19: (3, "n", 0)}
    extra = {1: 1, 3: 3, 14: 1, 17: 1}
    at = 0
    while at < len(types):
        kind, n = types[at + 1] >> 24 & 31, types[at + 1] & 0xffff
        words, members, refers = layout.get(kind, (0, "", 0))
        types[at] += first_string if types[at] else 0
        if refers:
            types[at + 2] += first_id if types[at + 2] else 0
        if kind == 14:
            types[at + 1:at + 4] = array.array("I", [1 << 24, 4, 32])
        elif kind == 15:
            types[at + 1] = 4 << 24
        if kind == 3:
            types[at + 3] += first_id
            types[at + 4] += first_id
        at += 3 + extra.get(kind, 0)
        if kind == 15:
            # A section of variables, the last type, becomes an empty struct and as many "const void".
            for i in range(at, at + 3 * n, 3):
                types[i:i + 3] = array.array("I", [0, 10 << 24, 0])
            at += 3 * n
            continue
        for i in range(at, at + words * n, words or 1):
            for k, what in enumerate(members):
                types[i + k] += (first_string if what == "n" else first_id) if types[i + k] else 0
        at += words * n
    return types.tobytes(), raw[24 + header[6]:24 + header[6] + header[7]]


def large_objects(folder, n):
    """Objects that each have all types of the kernel beside a few of their own."""
    source, first, btf = f"{folder}/own.bpf.c", f"{folder}/own.o", f"{folder}/own.btf"
    with open(source, "w") as f:
        f.write('#define SEC(name) __attribute__((section(name), used))\n'
                'char LICENSE[] SEC("license") = "GPL";\n'
                "struct own_00 { struct own_00 *next; long value; } var_00;\n"
                'SEC("socket") int program_00(void *ctx) { return ctx && var_00.value; }\n')
    output(["clang-19", "-target", "bpf", "-g", "-O2", "-c", source, "-o", first])
    output(["llvm-objcopy-19", "--dump-section", f".BTF={btf}", first])
    with open(btf, "rb") as f:
        raw = f.read()
    types_len, _, strings_len = struct.unpack_from("<III", raw, 12)
    listing = output(["bpftool", "btf", "dump", "file", first], env=dict(os.environ, PATH=TOOLS))
    own = len(re.findall(r"^\[\d+\]", listing, re.M))
    types, strings = kernel_types(own, strings_len)
    with open(btf, "wb") as f:
        f.write(raw[:8] + struct.pack("<IIII", 0, types_len + len(types), types_len + len(types),
                                      strings_len + len(strings)))
        f.write(raw[24:24 + types_len] + types + raw[24 + types_len:] + strings)
    output(["llvm-objcopy-19", "--update-section", f".BTF={btf}", first])
    with open(first, "rb") as f:
        data = f.read()
    paths = [f"{folder}/large_{i:02}.o" for i in range(n)]
    for i, path in enumerate(paths):
        with open(path, "wb") as f:
            f.write(re.sub(rb"(?<=own_|var_)00(?=\0)|(?<=program_)00(?=\0)", b"%02d" % i, data))
    return paths


def peak_mib(argv):
    """What a command has in memory at most, mapped files included."""
    with tempfile.NamedTemporaryFile("r") as f:
        output(["/usr/bin/time", "-f", "%M", "-o", f.name, *argv])
        return int(f.read().split()[-1]) / 1024


def bench_gen(build, rounds):
    """Headers, minimal BTF and linked objects, against bpftool."""
    skep, bpftool = f"{build}/cli/skep", shutil.which("bpftool", path=TOOLS)
    if not bpftool:
        sys.exit("bpftool is not installed: there is nothing to compare with")
    kernel, core = "/sys/kernel/btf/vmlinux", f"{build}/bench/core.bpf.o"
    with tempfile.TemporaryDirectory() as folder:
        small, out = many_objects(folder, 50), f"{folder}/out"
        os.mkdir(f"{folder}/large")
        large = large_objects(f"{folder}/large", 50)
        rivals = [
            ("vmlinux: all types of the kernel", [skep, "gen", "vmlinux", "-o", out],
             [bpftool, "btf", "dump", "file", kernel, "format", "c"]),
            ("btf min: an object with ten types", [skep, "gen", "btf", "min", "-o", out, core],
             [bpftool, "gen", "min_core_btf", kernel, out, core]),
        ]
        for what, files in [("2 files", small[:2]), ("50 files", small),
                            ("2 files with a kernel's types", large[:2]),
                            ("50 files with a kernel's types", large)]:
            rivals.append((f"object: {what}", [skep, "gen", "object", "-o", out, *files],
                           [bpftool, "gen", "object", out, *files]))
        rows = []
        for name, ours, theirs in rivals:
            n = min(rounds, 3) if len(ours) > 50 and "kernel" in name else rounds
            times = [(cpu_ms(ours), cpu_ms(theirs)) for _ in range(n)]
            a, b = (statistics.median(t[i] for t in times) for i in range(2))
            rows.append([name, f"{a:.1f}", f"{b:.1f}", f"{b / max(a, 0.01):.1f}x",
                         f"{peak_mib(ours):.0f}", f"{peak_mib(theirs):.0f}"])
    table(f"Files made (CPU time, median of {rounds}, against bpftool; memory at most)",
          ["", "skep ms", "bpftool ms", "faster", "MiB", "bpftool"], rows)


def bench_build(build, rounds):
    """A package beside clang alone: the same source, flags and folders."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    os.environ.update({"CCACHE_DISABLE": "1", "SKEP_INCLUDE": f"{root}/include"})
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SKEP_CACHE"] = folder
        for source in ["exec/exec", "programs/xdp/xdp", "maps/hash/hash"]:
            label = os.path.basename(source)
            path = f"{root}/examples/{source}.bpf.c"
            rivals = {
                "clang": ["clang-19", "-target", "bpf", "-g", "-O2", "-mcpu=v3", "-Wall",
                          "-D__TARGET_ARCH_x86", "-idirafter", "/usr/include/x86_64-linux-gnu",
                          f"-I{root}/include", "-c", path, "-o", f"{folder}/o"],
                "skep build": [f"{build}/cli/skep", "build", path, "-o", f"{folder}/p.skep"],
            }
            times = {name: [] for name in rivals}
            for _ in range(rounds):
                for name, argv in rivals.items():
                    times[name].append(wall_ms(argv))
            clang = statistics.median(times["clang"])
            for name in rivals:
                ms = statistics.median(times[name])
                rows.append([f"{label}: {name}", f"{ms:.1f}", f"{ms / clang:.2f}"])
    table(f"Building a package, ms (median of {rounds})", ["", "wall", "of clang's"], rows)


def attached_ms(argv):
    """From a command's start to that of the command which it starts when all is attached."""
    start = time.time_ns()
    out = subprocess.run(argv + ["--", "date", "+%s%N"], capture_output=True, text=True)
    if out.returncode:
        sys.exit(f"{' '.join(argv)} failed ({out.returncode}):\n{out.stderr}")
    return (int(out.stdout.strip().splitlines()[0]) - start) / 1e6


def bench_run(build, rounds):
    """skep run of a package, from its start to all being attached, beside the object alone."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, f"{root}/tests")
    from runner import packages
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for label, _ in OBJECTS:
            path = f"{build}/bench/{label}.bpf.o"
            with open(path, "rb") as file:
                obj = file.read()
            layout = packages.layout({"schema": 1, "name": label}, [packages.object_layer(obj)])
            forms = {"object": obj, ".skep": packages.tar(layout),
                     "package.json": packages.package_json(obj, packages.skeleton(label))}
            times = {name: [] for name in forms}
            for name, data in forms.items():
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(data)
            for _ in range(rounds):
                for name in forms:
                    times[name].append(attached_ms([f"{build}/cli/skep", "run",
                                                    f"{folder}/{name}"]))
            bare = statistics.median(times["object"])
            for name in forms:
                ms = statistics.median(times[name])
                rows.append([f"{label}: {name}", f"{ms:.2f}", f"{ms / bare:.2f}"])
    table(f"skep run until all is attached, ms (median of {rounds})", ["", "wall", "of the object's"],
          rows)


def bench_symbols(build, rounds):
    """Names of 10,000 addresses in stacks of ten, by one symbolizer and by one for each stack."""
    runs = [[float(n) for n in output([f"{build}/bench/symbols"]).split()]
            for _ in range(min(rounds, 7))]
    medians = [statistics.median(r[i] for r in runs) for i in range(4)]
    table(f"Names of addresses (median of {len(runs)})",
          ["", "first stack, ms", "then a frame, ns", "of a new one for each stack"],
          [[name, f"{first:.2f}", f"{each:.0f}", f"{each * 10 / (first * 1e6):.5f}x"]
           for name, first, each in (("kernel", *medians[:2]), ("process", *medians[2:]))])


BENCHES = {
    "load": bench_load,
    "maps": bench_maps,
    "trace": bench_trace,
    "inspect": bench_inspect,
    "log": bench_log,
    "gen": bench_gen,
    "bus": bench_bus,
    "sqlite": bench_sqlite,
    "filter": bench_filter,
    "lines": bench_lines,
    "build": bench_build,
    "run": bench_run,
    "symbols": bench_symbols,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("what", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--rounds", type=int, default=31)
    args = parser.parse_args()
    for tool in ["strace", "taskset"]:
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    for name, bench in BENCHES.items():
        if not args.what or name in args.what:
            bench(args.build, args.rounds)


if __name__ == "__main__":
    main()
