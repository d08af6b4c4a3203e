#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/skep/bpf/uapi_gen.h: the types and numbers of BPF's interface.

usage: gen-uapi.py linux/bpf.h > include/skep/bpf/uapi_gen.h

From the kernel's interface header are taken its enums, structs, unions and constants, in its order,
without a word of its comments. `make headers` runs this, and tests/compat/generated.test says when
that is to be done again.
"""
import re
import sys

# What newer headers have beside: their helpers are a macro over macros.
FUNCTIONS = re.compile(r"FN\((\w+), (\d+)")
# Instructions as numbers: for those who write no C.
OPCODES = re.compile(r"BPF_(JMP32|ALU64|DW|MEMSX|ATOMIC|XADD|MOV|ARSH|END|TO_[LB]E|FROM_[LB]E|J\w+|CALL|EXIT|FETCH|"
                     r"XCHG|CMPXCHG|LOAD_ACQ|STORE_REL)$")


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)


def macros(text):
    """[(name and parameters, value)] but for include guards, opcodes and lists of helpers."""
    for name, parameters, value in re.findall(r"^#define (\w+)(\([^)]*\))?[ \t]+((?:[^\n]*\\\n)*[^\n]*)$",
                                              text, re.M):
        value = " ".join(value.replace("\\\n", " ").split())
        if value and name != value and "MAPPER" not in name and not OPCODES.match(name):
            yield name, parameters, value


def definitions(text):
    """The text of each enum, struct and union at the outermost level."""
    text = re.sub(r"^#define (?:[^\n]*\\\n)*[^\n]*$|^#[^\n]*$", "", text, flags=re.M)
    for m in re.finditer(r"^(?:enum|struct|union)\b[^;{]*\{", text, re.M):
        depth, at = 1, m.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        yield text[m.start():text.index(";", at) + 1]


def tidy(definition):
    lines = [" ".join(line.split()) for line in definition.splitlines()]
    depth, out = 0, []
    for line in filter(None, lines):
        line = re.sub(r"__aligned_u64 (\w+)", r"__u64 \1 __attribute__((aligned(8)))", line)
        line = line.replace("( (", "((")
        out.append("\t" * (depth - line.startswith("}")) + line)
        depth += line.count("{") - line.count("}")
    return "\n".join(out)


def helper_numbers(text):
    names = FUNCTIONS.findall(text)
    body = "".join(f"\tBPF_FUNC_{name} = {number},\n" for name, number in names)
    return f"enum bpf_func_id {{\n{body}\t__BPF_FUNC_MAX_ID,\n}};"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1]) as f:
        text = without_comments(f.read())
    print("""/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Contexts, flags and numbers of BPF's interface. In __be16 and __be32 the byte order is the
 * network's. Made by scripts/gen-uapi.py from the kernel's linux/bpf.h: do not edit.
 */
/* clang-format off */
#ifndef __LINUX_BPF_H__""")
    for name, parameters, value in macros(text):
        print(f"#ifndef {name}\n#define {name}{parameters} {value}\n#endif")
    print("\n#ifndef __VMLINUX_H__")
    for definition in definitions(text):
        print(helper_numbers(text) if definition.startswith("enum bpf_func_id") else tidy(definition))
    print("#endif\n#endif")


if __name__ == "__main__":
    main()
