#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/skep/bpf/helpers_gen.h: a prototype for each BPF helper function.

usage: gen-helpers.py linux/bpf.h > include/skep/bpf/helpers_gen.h

Names, numbers, parameters and the first sentence about each are taken from the kernel's interface
header: the list of helpers gives the numbers, the documentation comments the rest. `make headers`
runs this, and tests/compat/generated.test says when that is to be done again.
"""
import re
import sys
import textwrap

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


# The newest helper of each release of the kernel that brought some: the header does not say it.
RELEASES = ((3, "3.19"), (11, "4.1"), (16, "4.2"), (22, "4.3"), (25, "4.4"), (26, "4.5"), (30, "4.6"), (36, "4.8"),
            (41, "4.9"), (44, "4.10"), (45, "4.11"), (47, "4.12"), (50, "4.13"), (53, "4.14"), (57, "4.15"),
            (59, "4.16"), (64, "4.17"), (80, "4.18"), (83, "4.19"), (90, "4.20"), (92, "5.0"), (98, "5.1"),
            (108, "5.2"), (110, "5.3"), (115, "5.5"), (118, "5.6"), (124, "5.7"), (135, "5.8"), (141, "5.9"),
            (155, "5.10"), (162, "5.11"), (163, "5.12"), (165, "5.13"), (168, "5.14"), (175, "5.15"),
            (179, "5.16"), (185, "5.17"), (193, "5.18"), (203, "5.19"), (207, "6.0"), (209, "6.1"), (211, "6.2"))


def numbers(text):
    """Each helper's number: explicit in newer headers, the position in the list in older ones."""
    body = text[text.index("#define ___BPF_FUNC_MAPPER" if "#define ___BPF_FUNC_MAPPER" in text
                           else "#define __BPF_FUNC_MAPPER"):]
    body = body[:body.index("\n\n")]
    explicit = re.findall(r"FN\((\w+), (\d+)", body)
    if explicit:
        return {name: int(n) for name, n in explicit}
    return {name: i for i, name in enumerate(re.findall(r"FN\((\w+)\)", body))}


def documentation(text):
    """(declaration, its description) in the order of the documentation comment."""
    comment = text[text.index("Start of BPF helper function descriptions"):]
    comment = re.sub(r"^ \* ?", "", comment[:comment.index("*/")], flags=re.M)
    starts = [m.start() for m in re.finditer(r"^[a-z][\w *]*\bbpf_\w+\(", comment, re.M)]
    for start, end in zip(starts, starts[1:] + [len(comment)]):
        declaration, rest = comment[start:end].split(")", 1)
        about = re.search(r"\tDescription\n(.*?)(?:\n\n|\n\tReturn|\Z)", rest, re.S)
        yield " ".join(declaration.split()) + ")", about[1] if about else ""


def sentence(about):
    """The first one, without the marks of reStructuredText."""
    about = re.sub(r"\\\s|\*\*|``|\\(?=\W)", "", " ".join(about.split()))
    about = re.sub(r"(?<!\w)\*(\S(?:[^*]*\S)?)\*(?!\w)", r"\1", about)
    first = re.match(r".*?(?<!e\.g)(?<!i\.e)[.:](?= [A-Z*]|$)", about)
    text = (first[0] if first else about).rstrip(":.")
    text = re.sub(r"[.,;]?[^.,;]* is one of$", "", text)
    return text


def prototypes(text):
    """(return type, name, parameters, first sentence about it)"""
    for declaration, about in documentation(text):
        m = re.match(r"^(.*?)\b(bpf_\w+)\((.*?)\)", declaration)
        yield m[1].strip(), m[2], m[3], sentence(about)


def merge(found):
    """One prototype a helper: where several contexts have their own, the context is untyped."""
    merged = {}
    for ret, name, args, about in found:
        if name in merged:
            about = merged[name][3]
            if merged[name][2] != args:
                args = re.sub(r"^[^,]*", "void *ctx", args)
        merged[name] = (ret, name, args, about)
    return merged.values()


def since(number):
    return next((release for last, release in RELEASES if number <= last), None)


def comment(number, about):
    release = since(number)
    words = ". ".join(w for w in (release and f"From {release}", about) if w)
    lines = textwrap.wrap(f"/* {words}." if words else "/*", 97, subsequent_indent=" * ")
    return "\n".join(lines) + ("\n */" if len(lines) > 1 else " */")


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
    found = sorted(merge(f for f in prototypes(text) if f[1][4:] in number), key=lambda f: number[f[1][4:]])
    body = [(number[name[4:]], about,
             clean(f"static {ret}{'' if ret.endswith('*') else ' '}(*const {name})({args}) = "
                   f"(void *){number[name[4:]]};")) for ret, name, args, about in found]
    structs = sorted(set(re.findall(r"struct \w+", " ".join(line for _, _, line in body))))
    print("/* SPDX-License-Identifier: GPL-2.0-only OR MIT */\n"
          "/*\n * The BPF helper functions, by number: the first kernel that has one, and what it does.\n"
          " * Made by scripts/gen-helpers.py from the kernel's linux/bpf.h: do not edit.\n */\n"
          "/* clang-format off */\n"
          "#ifndef SKEP_BPF_HELPERS_GEN_H\n#define SKEP_BPF_HELPERS_GEN_H\n\n#include <skep/bpf/types.h>\n")
    print("\n".join(s + ";" for s in structs))
    for n, about, line in body:
        print(f"\n{comment(n, about)}\n{wrap(line)}")
    print("\n#endif")


if __name__ == "__main__":
    main()
