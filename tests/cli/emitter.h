/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef SKEP_TESTS_CLI_EMITTER_H
#define SKEP_TESTS_CLI_EMITTER_H

#define EMITTER_SYSCALL 7007

#endif
