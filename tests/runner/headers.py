# SPDX-License-Identifier: MIT
"""The functions that libskep's public headers declare."""
import glob
import os
import re
from collections import namedtuple

Function = namedtuple("Function", "name returns parameters")


def names(root):
    return sorted(os.path.basename(path) for path in glob.glob(f"{root}/include/skep/*.h"))


def _statements(text):
    """Outside comments, directives and bodies."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    # Directives with their continuation lines; macros declare nothing.
    text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", text, flags=re.M)
    text = re.sub(r'extern "C" \{', "", text)
    while re.search(r"\{[^{}]*\}", text):
        text = re.sub(r"\{[^{}]*\}", "@", text)
    return re.split(r"[;@]", text)


def functions(root):
    found = {}
    for name in names(root):
        with open(f"{root}/include/skep/{name}") as f:
            for statement in _statements(f.read()):
                match = re.search(r"([\w\s\*]*?)\b(skep_\w+)\s*\(([^()]*)\)", statement)
                if match and "typedef" not in statement and "static" not in statement:
                    parameters = [p.strip() for p in match[3].split(",")]
                    found[match[2]] = Function(match[2], match[1].strip(),
                                               [p for p in parameters if p != "void"])
    return [found[name] for name in sorted(found)]
