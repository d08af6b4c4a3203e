# SPDX-License-Identifier: MIT
"""
KVM or emulation. /dev/kvm can be there and still hang at the first instruction, so KVM is used only
where a guest has been seen to boot with it; the answer is kept until the machine is restarted.
"""
import os

from . import MachineError, arch, cache

TCG = "tcg,thread=multi"
PROBE_SECONDS = 6  # a boot under KVM takes about one


def _boot_id():
    with open("/proc/sys/kernel/random/boot_id") as f:
        return f.read().strip()


def _kvm_boots(kernel):
    from . import guest  # which needs this module
    options = guest.Options(accel="kvm", quiet_seconds=PROBE_SECONDS,
                            total_seconds=PROBE_SECONDS)
    try:
        guest.Guest(kernel, options, lambda kind, payload: None).run([])
        return True
    except MachineError:
        return False


def best(kernel):
    asked = os.environ.get("SKEP_VM_ACCEL")
    if asked:
        return TCG if asked == "tcg" else asked
    if kernel.arch != arch.native() or not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return TCG
    known = os.path.join(cache.folder("kvm"), _boot_id())
    with cache.lock("kvm"):
        if not os.path.exists(known):
            works = _kvm_boots(kernel)
            with open(known, "w") as f:
                f.write("kvm" if works else TCG)
        with open(known) as f:
            return f.read()
