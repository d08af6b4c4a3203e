#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/skep/bpf/helpers_gen.h: a prototype for each BPF helper function.

usage: gen-helpers.py /usr/include/linux/bpf.h > include/skep/bpf/helpers_gen.h

Names, numbers and parameters are taken from the kernel's interface header: the list of helpers
gives the numbers, the documentation comments the prototypes. Run it again with a newer header to
get newer helpers.
"""
import re
import sys

# The header documents the kernel's side of a context; programs see another struct.
CONTEXTS = {
    "struct sk_buff": "struct __sk_buff",
    "struct xdp_buff": "struct xdp_md",
    "struct sk_msg_buff": "struct sk_msg_md",
    "struct sk_reuseport_kern": "struct sk_reuseport_md",
    "struct bpf_sock_addr_kern": "struct bpf_sock_addr",
    "struct bpf_sock_ops_kern": "struct bpf_sock_ops",
    "struct bpf_perf_event_data_kern": "struct bpf_perf_event_data",
    "struct bpf_sk_lookup_kern": "struct bpf_sk_lookup",
}
SIZES = {"size_t": "unsigned long", "u8": "__u8", "u16": "__u16", "u32": "__u32", "u64": "__u64", "s32": "__s32",
         "s64": "__s64"}


def numbers(text):
    """Each helper's number: explicit in newer headers, the position in the list in older ones."""
    body = text[text.index("#define ___BPF_FUNC_MAPPER" if "#define ___BPF_FUNC_MAPPER" in text
                           else "#define __BPF_FUNC_MAPPER"):]
    body = body[:body.index("\n\n")]
    explicit = re.findall(r"FN\((\w+), (\d+)", body)
    if explicit:
        return {name: int(n) for name, n in explicit}
    return {name: i for i, name in enumerate(re.findall(r"FN\((\w+)\)", body))}


def prototypes(text):
    """The declarations in the documentation comment, in its order."""
    comment = text[text.index("Start of BPF helper function descriptions"):]
    comment = comment[:comment.index("*/")]
    lines = [re.sub(r"^ \* ?", "", line) for line in comment.split("\n")]
    joined, found = "", []
    for line in lines:
        if not joined and not re.match(r"^[a-z][\w *]*\bbpf_\w+\(", line):
            continue
        joined = (joined + " " + line.strip()).strip()
        if ")" in joined:
            m = re.match(r"^(.*?)\b(bpf_\w+)\((.*?)\)", joined)
            found.append((m.group(1).strip(), m.group(2), m.group(3)))
            joined = ""
    return found


def merge(found):
    """One prototype a helper: where several contexts have their own, the context is untyped."""
    merged = {}
    for ret, name, args in found:
        if name in merged and merged[name][2] != args:
            args = re.sub(r"^[^,]*", "void *ctx", args)
        merged[name] = (ret, name, args)
    return merged.values()


def clean(declaration):
    declaration = re.sub(r"\bstruct bpf_map \*", "void *", declaration)
    for kernel, program in CONTEXTS.items():
        declaration = re.sub(kernel + r"\b", program, declaration)
    for kernel, program in SIZES.items():
        declaration = re.sub(rf"\b{kernel}\b", program, declaration)
    return re.sub(r"\s+", " ", declaration)


def wrap(line):
    """Kernel style: continued lines are indented, none is longer than 100 columns."""
    out, rest = [], line
    while len(rest) + (8 if out else 0) > 98:
        cut = rest.rindex(",", 0, 90) + 1
        out.append(rest[:cut])
        rest = rest[cut:].strip()
    return "\n\t".join(out + [rest])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1]) as f:
        text = f.read()
    number = numbers(text)
    found = merge(f for f in prototypes(text) if f[1][4:] in number)
    body = [clean(f"static {ret}{'' if ret.endswith('*') else ' '}(*const {name})({args}) = "
                  f"(void *){number[name[4:]]};") for ret, name, args in found]
    structs = sorted(set(re.findall(r"struct \w+", " ".join(body))))
    print("/* SPDX-License-Identifier: GPL-2.0-only OR MIT */\n"
          "/* Made by scripts/gen-helpers.py from the kernel's linux/bpf.h: do not edit. */\n"
          "/* clang-format off */")
    print("\n".join(s + ";" for s in structs) + "\n")
    print("\n".join(wrap(line) for line in body))


if __name__ == "__main__":
    main()
