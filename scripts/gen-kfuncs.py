#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/skep/bpf/kfuncs_gen.h: prototypes of the kernel's functions for BPF programs.

usage: gen-kfuncs.py --kernel NAME > include/skep/bpf/kfuncs_gen.h
       gen-kfuncs.py BTF

NAME is the newest kernel of vm/kernels, which marks these functions; it is booted. BTF is what
`cat vmlinux MODULE ...` writes in its /sys/kernel/btf; little-endian. `make headers` runs this, and
tests/compat/headers.test says when that is to be done again.
"""
import os
import re
import struct
import subprocess
import sys

INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, PROTO, VAR, DATASEC, FLOAT, \
    DECL_TAG, TYPE_TAG, ENUM64 = range(1, 20)
# Behind each type: bytes an element (0: none, -n: n bytes once).
TAIL = {INT: -4, ARRAY: -12, STRUCT: 12, UNION: 12, ENUM: 8, PROTO: 8, VAR: -4, DATASEC: 12, DECL_TAG: -4, ENUM64: 12}
# Of the kernel's own algorithms and tests, which are marked too.
NOT_FOR_PROGRAMS = re.compile(r"cubictcp_|tcp_|css_rstat_|bpf_modify_return_|bpf_kfunc_call_|bpf_fentry_|__|"
                              r"bpf_qdisc_(init_pro|reset_destroy_epi)logue|crash_kexec")
# Enumerators that their arguments take, which linux/bpf.h has not.
FLAGS = ("BPF_TASK_ITER_ALL_PROCS",)
# Structs that programs fill in, or have filled in.
OPTIONS = re.compile(r"struct bpf_(\w+_opts|\w+_params|fou_encap|xfrm_info)")
MAGIC = 0xeb9f
# Those of Debian's kernel that have such functions, and what they need, in the order of loading.
MODULES = ("nf_defrag_ipv4", "nf_defrag_ipv6", "nf_conntrack", "nf_nat", "nf_tables", "nf_flow_table",
           "ip_tunnel", "ip6_udp_tunnel", "udp_tunnel", "fou", "tunnel4", "tunnel6", "xfrm6_tunnel", "xfrm_interface")


def boot(kernel):
    """The BTF of a kernel of vm/kernels and its modules."""
    run = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "vm", "run")
    done = subprocess.run([run, "-k", kernel, *(f"--module={name}" for name in MODULES), "--file", "/bin/cat", "--",
                           "/bin/cat", *(f"/sys/kernel/btf/{name}" for name in ("vmlinux", *MODULES))],
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"gen-kfuncs.py: {kernel} ended with {done.returncode}")
    return done.stdout


def parts(data):
    """The bytes of each BTF in a file that has one after the other."""
    at = 0
    while at < len(data):
        magic, _, _, header = struct.unpack_from("<HBBI", data, at)
        if magic != MAGIC:
            sys.exit("gen-kfuncs.py: this is no little-endian BTF")
        ends = struct.unpack_from(f"<{(header - 8) // 4}I", data, at + 8)
        end = at + header + max(offset + size for offset, size in zip(ends[::2], ends[1::2]))
        yield data[at:end]
        at = end


class Btf:
    """Of the kernel, or of a module of it, @base."""

    def __init__(self, data, base=None):
        _, _, _, header, type_off, type_len, str_off, str_len = struct.unpack_from("<HBBIIIII", data)
        self.own = len(base.types) if base else 1
        self.strings = (base.strings if base else b"") + data[header + str_off:header + str_off + str_len]
        self.types, at = list(base.types) if base else [None], header + type_off
        at, end = (n + (len(base.data) if base else 0) for n in (at, at + type_len))
        data = self.data = (base.data if base else b"") + data
        while at < end:
            name, info, size = struct.unpack_from("<III", data, at)
            kind, n = info >> 24 & 31, info & 0xffff
            self.types.append((self.string(name), kind, n, size, at + 12, info >> 31))
            tail = TAIL.get(kind, 0)
            at += 12 + (-tail if tail < 0 else tail * n)

    def string(self, offset):
        return self.strings[offset:self.strings.index(b"\0", offset)].decode()

    def words(self, at, n):
        return struct.unpack_from(f"<{n}I", self.data, at)

    def members(self, id):
        """[(name, type, bit offset)]"""
        _, _, n, _, at, _ = self.types[id]
        for i in range(n):
            name, type, offset = self.words(at + 12 * i, 3)
            yield self.string(name), type, offset & 0xffffff

    def parameters(self, id):
        _, _, n, _, at, _ = self.types[id]
        for i in range(n):
            name, type = self.words(at + 8 * i, 2)
            yield self.string(name), type

    def enumerators(self, id):
        _, _, n, _, at, _ = self.types[id]
        for i in range(n):
            name, value = self.words(at + 8 * i, 2)
            yield self.string(name), value

    def functions(self):
        """{name: prototype} of those that are tagged."""
        tagged = [size for name, kind, _, size, _, _ in self.types[self.own:]
                  if kind == DECL_TAG and name == "bpf_kfunc"]
        found = {self.types[id][0]: self.types[id][3] for id in tagged}
        return {name: found[name] for name in sorted(found) if not NOT_FOR_PROGRAMS.match(name)}


class Printer:
    """C declarations that need no typedef: integers as their width says, enums as integers."""

    def __init__(self, btf, structs):
        self.btf, self.structs = btf, structs

    def integer(self, id):
        name, _, _, size, at, _ = self.btf.types[id]
        encoding = self.btf.words(at, 1)[0] >> 24
        if encoding & 4:
            return "_Bool"
        if "char" in name and "unsigned" not in name and size == 1:
            return "char"
        if "long" in name and "long long" not in name:
            return "unsigned long" if "unsigned" in name else "long"
        return {1: "__u8", 2: "__u16", 4: "__u32", 8: "__u64"}[size] if not encoding & 1 else \
            {1: "__s8", 2: "__s16", 4: "int", 8: "__s64"}[size]

    def declare(self, id, name):
        """@name as a thing of a type."""
        if not id:
            return f"void {name}"
        own, kind, _, target, at, flag = self.btf.types[id]
        if kind == INT:
            return f"{self.integer(id)} {name}"
        if kind == ENUM:
            return f"{'int' if flag else '__u32'} {name}"
        if kind == ENUM64:
            return f"{'__s64' if flag else '__u64'} {name}"
        if kind in (STRUCT, UNION, FWD):
            if not own:
                return f"void {name}"
            word = "union" if kind == UNION or kind == FWD and flag else "struct"
            self.structs.add(f"{word} {own}")
            return f"{word} {own} {name}"
        if kind == PTR:
            inner = self.skip(target)
            if inner and self.btf.types[inner][1] == PROTO:
                return self.prototype(inner, f"(*{name})")
            return self.declare(target, f"*{name}")
        if kind == ARRAY:
            element, _, n = self.btf.words(at, 3)
            return self.declare(element, f"{name}[{n}]")
        if kind == CONST:
            inner = self.skip(target)
            if inner and self.btf.types[inner][1] == PTR:
                return self.declare(target, name)
            return "const " + self.declare(target, name)
        if kind == PROTO:
            return self.prototype(id, name)
        return self.declare(target, name)

    def skip(self, id):
        while id and self.btf.types[id][1] in (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG):
            id = self.btf.types[id][3]
        return id

    def prototype(self, id, name):
        parameters = [self.declare(type, name) if name or type else "..." for name, type in self.btf.parameters(id)]
        return self.declare(self.btf.types[id][3], f"{name}({', '.join(parameters) or 'void'})")


def clean(line):
    return re.sub(r"\* (?=\w)", "*", re.sub(r" +(?=[,)])", "", line))


def wrap(line):
    out, rest = [], line
    while len(rest) + (8 if out else 0) > 98:
        cut = max(rest.rfind(",", 0, 90) + 1, rest.rfind("(", 0, 60) + 1)
        out.append(rest[:cut])
        rest = rest[cut:].strip()
    return "\n\t".join(out + [rest])


def members_of(btf, printer, id):
    """Lines of a struct: what has members itself as words."""
    for name, type, _ in btf.members(id):
        inner = printer.skip(type)
        _, kind, _, size, _, _ = btf.types[inner]
        yield f"__u32 {name}[{size // 4}]" if kind in (STRUCT, UNION) else clean(printer.declare(type, name))


def definitions(btf, printer):
    """{struct: its definition} of options; and of iterators: words that only the kernel looks into."""
    known = {f"struct {t[0]}": id for id, t in enumerate(btf.types) if t and t[1] == STRUCT}
    for name in sorted(known.keys() & printer.structs):
        members = list(btf.members(known[name]))
        if OPTIONS.match(name):
            lines = "".join(f"\t{line};\n" for line in members_of(btf, printer, known[name]))
            yield name, f"{name} {{\n{lines}}};"
        elif name.startswith("struct bpf_iter_") and len(members) == 1 and members[0][0] == "__opaque" and \
                name != "struct bpf_iter_num":
            yield name, f"{name} {{\n\t__u64 __opaque[{btf.types[known[name]][3] // 8}];\n}};"


def flags(btf):
    for id, t in enumerate(btf.types):
        if t and t[1] == ENUM and not t[0] and any(name in FLAGS for name, _ in btf.enumerators(id)):
            lines = "".join(f"\t{name} = {value},\n" for name, value in btf.enumerators(id))
            yield f"enum {{\n{lines}}};"


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--kernel":
        data = boot(sys.argv[2])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        with open(sys.argv[1], "rb") as f:
            data = f.read()
    else:
        sys.exit(__doc__)
    kernel, *modules = parts(data)
    kernel = Btf(kernel)
    structs, functions, defined = set(), {}, {}
    for btf in [kernel] + [Btf(part, kernel) for part in modules]:
        printer = Printer(btf, structs)
        functions.update((name, printer.prototype(id, name)) for name, id in btf.functions().items())
        defined.update(definitions(btf, printer))
    lines = [wrap(clean(f"extern {functions[name]} __ksym __weak;")) for name in sorted(functions)]
    print("""/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The functions of the kernel and its modules for BPF programs (kfuncs), by name.
 * Made by scripts/gen-kfuncs.py from BTF: do not edit.
 */
/* clang-format off */
#ifndef SKEP_BPF_KFUNCS_GEN_H
#define SKEP_BPF_KFUNCS_GEN_H
""")
    print("\n".join(sorted(s + ";" for s in structs)))
    print("\n#ifndef __VMLINUX_H__\n" + "\n".join([defined[name] for name in sorted(defined)] + list(flags(kernel))) +
          "\n#endif\n")
    print("\n".join(lines))
    print("\n#endif")


if __name__ == "__main__":
    main()
