/* SPDX-License-Identifier: MIT */
/* This machine, as -D__TARGET_ARCH_ has it. */
#ifndef SKEP_PACKAGE_MACHINE_H
#define SKEP_PACKAGE_MACHINE_H

#if defined(__x86_64__)
#define SKEP_MACHINE "x86"
#elif defined(__i386__)
#define SKEP_MACHINE "i386"
#elif defined(__aarch64__)
#define SKEP_MACHINE "arm64"
#elif defined(__s390x__)
#define SKEP_MACHINE "s390"
#elif defined(__riscv)
#define SKEP_MACHINE "riscv"
#elif defined(__powerpc64__)
#define SKEP_MACHINE "powerpc"
#elif defined(__arm__)
#define SKEP_MACHINE "arm"
#elif defined(__mips__)
#define SKEP_MACHINE "mips"
#elif defined(__loongarch__)
#define SKEP_MACHINE "loongarch"
#else
#define SKEP_MACHINE "x86"
#endif

#endif
