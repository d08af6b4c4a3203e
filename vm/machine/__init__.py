# SPDX-License-Identifier: MIT
"""Debian kernels as packages, an initramfs of our own, QEMU: see docs/testing.md."""


class MachineError(Exception):
    """Something about the machine, not about what was run in it. @code is vm/run's exit code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


# vm/run's own exit codes; all others are those of what was run.
PANIC, HANG, NO_KERNEL, NO_MACHINE = 240, 241, 242, 243
