#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tables of system calls that skep trace decodes with, tools/trace/tables/*.c, and the
names of calls on any machine, lib/kernel/syscall_names.c.

usage: scripts/gen-syscalls.py [--include DIR] [--outdir DIR]

Numbers and names come from the kernel's exported headers (DIR is a linux-libc-dev of all
architectures, /usr/include by default: the newest there is knows the most calls). Names and types
of arguments come from the running kernel, which lists them in tracefs under events/syscalls; it is
mounted in a mount namespace of its own, so that nothing stays mounted. Run as root.
"""
import argparse
import os
import re
import subprocess
import sys

HEADER = """// SPDX-License-Identifier: MIT
/*
 * System calls of {title}.
 * Written by scripts/gen-syscalls.py from the headers and the tracefs of Linux: change that, not
 * this.
 */
/* clang-format off */
#include "tools/trace/table.h"

#define CALL(nr, call, n, ...) [nr] = {{ .name = #call, .n_args = n, .args = {{ __VA_ARGS__ }} }}
#define CALL_ADDRESS(nr, call, n, ...) \\
	[nr] = {{ .name = #call, .n_args = n, .returns_address = true, .args = {{ __VA_ARGS__ }} }}
#define CALL_UNKNOWN(nr, call) [nr] = {{ .name = #call, .n_args = TRACE_ARGS_UNKNOWN }}
#define ARG(arg, k) {{ .name = #arg, .kind = TRACE_ARG_##k }}

static const struct skep_trace_syscall calls[] = {{
"""

FOOTER = """}};

const struct skep_trace_table skep_trace_table_{name} = {{
	.abi = "{name}",
	.calls = calls,
	.n_calls = sizeof(calls) / sizeof(calls[0]),
	.bits = {bits},
}};
"""

NAMES = """// SPDX-License-Identifier: MIT
/*
 * Names of system calls by the numbers of the machine that this is compiled for. Calls that its
 * headers may not know yet have the same number everywhere.
 * Written by scripts/gen-syscalls.py from the headers of Linux: change that, not this.
 */
/* clang-format off */
#include <asm/unistd.h>

#include "kernel/syscall_name.h"

#define NAME(call)	 [__NR_##call] = #call,
#define NAME_AT(nr, call) [nr] = #call,

const char *const skep_syscall_names[] = {{
{names}}};

const size_t skep_syscall_n_names = sizeof(skep_syscall_names) / sizeof(skep_syscall_names[0]);
"""

# From here on numbers are the same on all architectures (pidfd_send_signal is the first).
SAME_EVERYWHERE = 424

# Architecture: header (below DIR), title, word size, and headers whose further calls (the x32 ABI
# keeps its own from 512 on) stand in the same table.
TABLES = {
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "x86-64, with those of x32", 64,
               "x86_64-linux-gnu/asm/unistd_x32.h"),
    "i386": ("x86_64-linux-gnu/asm/unistd_32.h", "i386, also as x86-64's compat calls", 32, None),
    "arm64": ("aarch64-linux-gnu/asm/unistd_64.h", "arm64", 64, None),
}

# Calls whose kernel function has another name than the call; "new" + name, name + "64" and so on
# are tried without being listed.
FUNCTIONS = {
    "umount2": "umount", "mmap2": "mmap_pgoff", "_llseek": "llseek", "_newselect": "select",
    "clock_gettime64": "clock_gettime", "clock_settime64": "clock_settime",
    "clock_adjtime64": "clock_adjtime", "clock_getres_time64": "clock_getres",
    "clock_nanosleep_time64": "clock_nanosleep", "timer_gettime64": "timer_gettime",
    "timer_settime64": "timer_settime", "timerfd_gettime64": "timerfd_gettime",
    "timerfd_settime64": "timerfd_settime", "utimensat_time64": "utimensat",
    "pselect6_time64": "pselect6", "ppoll_time64": "ppoll", "io_pgetevents_time64": "io_pgetevents",
    "recvmmsg_time64": "recvmmsg", "mq_timedsend_time64": "mq_timedsend",
    "mq_timedreceive_time64": "mq_timedreceive", "semtimedop_time64": "semtimedop",
    "rt_sigtimedwait_time64": "rt_sigtimedwait", "futex_time64": "futex",
    "sched_rr_get_interval_time64": "sched_rr_get_interval",
    "ugetrlimit": "getrlimit", "fcntl64": "fcntl", "getdents": "getdents",
    "fstatat64": "newfstatat", "sync_file_range2": "sync_file_range", "umount": "oldumount",
}

SAME_AS_WITH_32 = {name + "32": name for name in (
    "chown lchown fchown getuid getgid geteuid getegid setuid setgid setreuid setregid getgroups "
    "setgroups setresuid getresuid setresgid getresgid setfsuid setfsgid").split()}

# What the running kernel may have been built without, or has for other word sizes only. The form
# is that of tracefs; sources are the SYSCALL_DEFINEs of Linux.
EXTRA = {
    "init_module": "void *umod, unsigned long len, const char *uargs",
    "finit_module": "int fd, const char *uargs, int flags",
    "delete_module": "const char *name_user, unsigned int flags",
    "kexec_load": "unsigned long entry, unsigned long nr_segments, struct kexec_segment *segments, "
                  "unsigned long flags",
    "kexec_file_load": "int kernel_fd, int initrd_fd, unsigned long cmdline_len, "
                       "const char *cmdline_ptr, unsigned long flags",
    "uselib": "const char *library",
    "lookup_dcookie": "u64 cookie64, char *buf, size_t len",
    "set_thread_area": "struct user_desc *u_info",
    "get_thread_area": "struct user_desc *u_info",
    "map_shadow_stack": "unsigned long addr, unsigned long size, unsigned int flags",
    "listns": "const struct ns_id_req *req, u64 *ns_ids, size_t nr_ns_ids, unsigned int flags",
    "rseq_slice_yield": "",
    "stat64": "const char *filename, struct stat64 *statbuf",
    "lstat64": "const char *filename, struct stat64 *statbuf",
    "fstat64": "unsigned long fd, struct stat64 *statbuf",
    "statfs64": "const char *pathname, size_t sz, struct statfs64 *buf",
    "fstatfs64": "unsigned int fd, size_t sz, struct statfs64 *buf",
    "mmap_pgoff": "unsigned long addr, unsigned long len, unsigned long prot, "
                  "unsigned long flags, unsigned long fd, unsigned long pgoff",
    "llseek": "unsigned int fd, unsigned long offset_high, unsigned long offset_low, "
              "loff_t *result, unsigned int whence",
    "truncate64": "const char *path, unsigned long offset_low, unsigned long offset_high",
    "ftruncate64": "unsigned int fd, unsigned long offset_low, unsigned long offset_high",
    "waitpid": "pid_t pid, int *stat_addr, int options",
    "socketcall": "int call, unsigned long *args",
    "ipc": "unsigned int call, int first, unsigned long second, unsigned long third, void *ptr, "
           "long fifth",
    "signal": "int sig, void *handler",
    "sigaction": "int sig, const struct old_sigaction *act, struct old_sigaction *oact",
    "sigprocmask": "int how, old_sigset_t *nset, old_sigset_t *oset",
    "sigpending": "old_sigset_t *uset",
    "sigsuspend": "int unused1, int unused2, old_sigset_t mask",
    "sigreturn": "",
    "sgetmask": "",
    "ssetmask": "int newmask",
    "nice": "int increment",
    "stime": "__kernel_old_time_t *tptr",
    "oldumount": "char *name",
    "oldstat": "const char *filename, struct __old_kernel_stat *statbuf",
    "oldlstat": "const char *filename, struct __old_kernel_stat *statbuf",
    "oldfstat": "unsigned int fd, struct __old_kernel_stat *statbuf",
    "olduname": "struct oldold_utsname *name",
    "oldolduname": "struct oldold_utsname *name",
    "readdir": "unsigned int fd, struct old_linux_dirent *dirent, unsigned int count",
    "bdflush": "int func, long data",
    "vm86": "unsigned long cmd, unsigned long arg",
    "vm86old": "struct vm86_struct *user_vm86",
}

# i386 has other functions for these: 64-bit arguments come in halves, or all in a struct.
EXTRA_32 = {
    "pread64": "unsigned int fd, char *buf, u32 count, u32 poslo, u32 poshi",
    "pwrite64": "unsigned int fd, void *buf, u32 count, u32 poslo, u32 poshi",
    "readahead": "int fd, u32 off_lo, u32 off_hi, size_t count",
    "sync_file_range": "int fd, u32 off_low, u32 off_hi, u32 n_low, u32 n_hi, int flags",
    "fadvise64": "int fd, u32 offset_lo, u32 offset_hi, size_t len, int advice",
    "fadvise64_64": "int fd, u32 offset_low, u32 offset_high, u32 len_low, u32 len_high, "
                    "int advice",
    "fallocate": "int fd, int mode, u32 offset_lo, u32 offset_hi, u32 len_lo, u32 len_hi",
    "mmap": "struct mmap_arg_struct32 *arg",
    "select": "struct compat_sel_arg_struct *arg",
    "clone": "unsigned long clone_flags, unsigned long newsp, int *parent_tidptr, "
             "unsigned long tls, int *child_tidptr",
}

# Arguments that are strings although their type does not say so, and the other way round.
STRINGS = {("umount", "name"), ("oldumount", "name"), ("mount", "dev_name"), ("mount", "dir_name"),
           ("mount", "type")}
NOT_STRINGS = {"buf", "u_msg_ptr", "uargs_ptr", "cmdline_ptr"}
PATH_NAMES = {"filename", "pathname", "path", "oldname", "newname", "from_pathname", "to_pathname",
              "new_root", "put_old", "special", "specialfile", "dev_name", "dir_name", "library"}
# `name` is an extended attribute's unless it is one of these calls'.
NAME_IS_PATH = {"acct", "umount", "oldumount", "name_to_handle_at"}

ADDRESS_RETURNED = {"mmap", "mmap2", "mremap", "brk", "shmat", "map_shadow_stack"}

FD_NAMES = {"fd", "fildes", "ufd", "epfd", "infd", "outfd", "fd_in", "fd_out", "in_fd", "out_fd",
            "fdin", "fdout", "group_fd", "fs_fd", "mountdirfd", "mqdes", "kernel_fd", "initrd_fd",
            "ruleset_fd", "pidfd", "fd1", "fd2", "ffd", "fanotify_fd", "oldfd", "newfd", "fan_fd"}
DIRFD_NAMES = {"dfd", "olddfd", "newdfd", "dirfd", "from_dfd", "to_dfd"}
FLAG_NAME = re.compile(r"(^|_)(prot|mask|how)$|(flags?|flg)$|^(cmd|request|op|advice)$")
ADDRESS_NAME = re.compile(r"addr|^(start|brk|newsp|tls|arg\d*|old_addr|second|ctx_id|unused)$")
SIGNED = {"int", "pid_t", "clockid_t", "key_t", "key_serial_t", "timer_t", "mqd_t", "rwf_t",
          "enum landlock_rule_type", "qid_t"}
UNSIGNED = {"unsigned int", "unsigned", "u32", "__u32", "uint32_t"}


def kind(call, ctype, name):
    """The member of enum skep_trace_arg_kind for an argument."""
    ctype = re.sub(r"\bconst\b", "", ctype).strip() if "*" not in ctype else ctype
    if (call, name) in STRINGS or (re.fullmatch(r"const char \*", ctype)
                                   and name not in NOT_STRINGS):
        is_path = name in PATH_NAMES or (name == "name" and call in NAME_IS_PATH)
        return "PATH" if is_path else "STRING"
    if "*" in ctype or ctype in ("cap_user_header_t", "cap_user_data_t", "__sighandler_t"):
        return "POINTER"
    if name in DIRFD_NAMES or (call, name) == ("execveat", "fd"):
        return "DIRFD"
    if name in FD_NAMES:
        return "FD"
    if ctype == "umode_t":
        return "MODE"
    if ctype in ("uid_t", "gid_t", "old_uid_t", "old_gid_t"):
        return "ID"
    if FLAG_NAME.search(name):
        return "FLAGS"
    if ctype in SIGNED:
        return "INT"
    if ctype in UNSIGNED:
        return "UINT"
    if ctype in ("long", "loff_t", "off_t"):
        return "LONG"
    if ADDRESS_NAME.search(name) or ctype in ("aio_context_t", "old_sigset_t"):
        return "HEX"
    return "ULONG"


def split_fields(lines):
    """[(type, name)] of declarations such as "const char * filename"."""
    fields = []
    for line in lines:
        match = re.fullmatch(r"\s*(.*?[\s*])(\w+)\s*", line)
        ctype = re.sub(r"\s*\*", " *", match.group(1).strip())
        fields.append((ctype, match.group(2)))
    return fields


def declarations(texts):
    return {name: split_fields(text.split(",")) if text else [] for name, text in texts.items()}


def read_formats():
    """{function: [(type, name)]} as the running kernel tells."""
    script = ("mount --make-rprivate / && mount -t tracefs none /mnt && cd /mnt/events/syscalls && "
              "grep field: sys_enter_*/format")
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("the running kernel's tracefs cannot be read: run as root on a kernel with "
                 "CONFIG_FTRACE_SYSCALLS")
    formats = {}
    for line in done.stdout.splitlines():
        match = re.match(r"sys_enter_(\w+)/format:\s*field:([^;]*);\s*offset:(\d+)", line)
        fields = formats.setdefault(match.group(1), [])
        # Older kernels append strings that they read themselves: those are no arguments.
        if int(match.group(3)) >= 16 and "__data_loc" not in line:
            fields.append(match.group(2))
    formats = {name: split_fields(fields) for name, fields in formats.items()}
    return {**declarations(EXTRA), **formats}


def read_numbers(path):
    numbers = {}
    with open(path) as lines:
        for line in lines:
            match = re.match(r"#define __NR_(\w+)\s+(?:\(__X32_SYSCALL_BIT \+ (\d+)\)|(\d+))\s*$",
                             line)
            if match:
                numbers[int(match.group(2) or match.group(3))] = match.group(1)
    return numbers


def find(formats, call):
    """The name of the kernel function of a call."""
    names = [FUNCTIONS.get(call, call), call, "new" + call, call + "64",
             SAME_AS_WITH_32.get(call, call)]
    return next((name for name in names if name in formats), None)


def entry(number, call, formats, unknown):
    function = find(formats, call)
    if function is None:
        unknown.append(call)
        return f"\tCALL_UNKNOWN({number}, {call}),\n"
    args = "".join(f", ARG({name.lstrip('_')}, {kind(function, ctype, name)})"
                   for ctype, name in formats[function])
    macro = "CALL_ADDRESS" if call in ADDRESS_RETURNED else "CALL"
    return f"\t{macro}({number}, {call}, {len(formats[function])}{args}),\n"


def write_names(outdir):
    """From the tables of 64-bit machines that are there, and s390x's header."""
    numbers = {}
    for name, (_, _, bits, _) in TABLES.items():
        with open(os.path.join(outdir, name + ".c")) as table:
            for number, call in re.findall(r"^\tCALL\w*\((\d+), (\w+)", table.read(), re.M):
                if bits == 64 and not (name == "x86_64" and int(number) >= 512):
                    numbers.setdefault(call, int(number))
    for folder in ["/usr/s390x-linux-gnu/include", "/usr/include/s390x-linux-gnu"]:
        path = os.path.join(folder, "asm/unistd_64.h")
        if os.path.exists(path):
            for number, call in read_numbers(path).items():
                numbers.setdefault(call, number)
    text = ""
    for call in sorted(numbers):
        text += f"#ifdef __NR_{call}\n\tNAME({call})\n"
        if numbers[call] >= SAME_EVERYWHERE:
            text += f"#else\n\tNAME_AT({numbers[call]}, {call})\n"
        text += "#endif\n"
    path = os.path.join(os.path.dirname(__file__), "../lib/kernel/syscall_names.c")
    with open(path, "w") as out:
        out.write(NAMES.format(names=text))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--include", default="/usr/include")
    parser.add_argument("--outdir", default=os.path.join(os.path.dirname(__file__),
                                                          "../tools/trace/tables"))
    args = parser.parse_args()
    formats = read_formats()
    os.makedirs(args.outdir, exist_ok=True)
    for name, (header, title, bits, more) in TABLES.items():
        path = os.path.join(args.include, header)
        if not os.path.exists(path):
            print(f"{name}: left as it is, there is no {path}")
            continue
        numbers = read_numbers(path)
        if more:
            for number, call in read_numbers(os.path.join(args.include, more)).items():
                numbers.setdefault(number, call)
        known = {**formats, **declarations(EXTRA_32)} if bits == 32 else formats
        unknown = []
        with open(os.path.join(args.outdir, name + ".c"), "w") as out:
            out.write(HEADER.format(title=title))
            for number in sorted(numbers):
                out.write(entry(number, numbers[number], known, unknown))
            out.write(FOOTER.format(name=name, bits=bits))
        print(f"{name}: {len(numbers)} calls; arguments unknown: {' '.join(unknown) or 'none'}")
    write_names(args.outdir)


if __name__ == "__main__":
    main()
