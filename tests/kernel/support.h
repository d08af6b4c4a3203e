/* SPDX-License-Identifier: MIT */
/* What tests on a running kernel share: fixtures in the kernel, and proof that nothing stays. */
#ifndef SKEP_TESTS_KERNEL_SUPPORT_H
#define SKEP_TESTS_KERNEL_SUPPORT_H

#include "test.h"

#include <linux/bpf.h>
#include <unistd.h>
#include <skep/skep.h>

bool bpf_is_allowed(void);

#define NEED_BPF() NEED(bpf_is_allowed(), "this machine refuses bpf(2)")

/* For hooks that see, or decide for, every process of the machine. */
#define NEED_VM()                                                                       \
	do {                                                                            \
		NEED_BPF();                                                             \
		NEED(getenv("SKEP_VM"), "it concerns the whole machine: only in a VM"); \
	} while (0)

/* For fentry and its kin, on functions that every process calls. */
#define NEED_TRAMPOLINES()                                                                  \
	do {                                                                                \
		NEED_VM();                                                                  \
		NEED(kernel_takes_trampolines(), "this kernel has no trampolines for BPF"); \
	} while (0)

/* As s390x of Debian's: trampolines, arenas and functions of the kernel need compiled programs. */
bool kernel_has_jit(void);

#define NEED_JIT()                                                        \
	do {                                                              \
		NEED_BPF();                                               \
		NEED(kernel_has_jit(), "this kernel has no JIT for BPF"); \
	} while (0)

/* For a program that needs what older kernels lack. */
#define NEED_TO_LOAD(fixture, program)                                                       \
	do {                                                                                 \
		NEED_BPF();                                                                  \
		NEED(kernel_takes_program(fixture, program), "this kernel does not load %s", \
		     program);                                                               \
	} while (0)

/* For channels that have a ring for each CPU. */
#define NEED_ATOMICS()                                                                       \
	do {                                                                                 \
		NEED_BPF();                                                                  \
		NEED(kernel_takes_atomics(), "this kernel has no compare and swap for BPF"); \
	} while (0)

/* For what Debian's valgrind cannot: ptrace(2), and the system calls from fsopen(2) on. */
#define NEED_NO_VALGRIND(what) NEED(!getenv("SKEP_VALGRIND"), "valgrind 3.19 does not know " what)

/* The fixture NAME.bpf.c, compiled for this machine's byte order. Fails the test if it cannot. */
struct skep_spec *open_fixture(const char *name);

/* Whether the kernel creates a fixture's map. */
bool kernel_takes_map(const char *fixture, const char *map);

/* Whether the kernel knows atomic compare and swap (5.12), which per-CPU channels need. */
bool kernel_takes_atomics(void);

/* Whether the kernel loads one program of a fixture. */
bool kernel_takes_program(const char *fixture, const char *program);

/* Whether functions can be traced by BPF trampolines: fentry is attached and taken off again. */
bool kernel_takes_trampolines(void);

/* Loads all of a spec. Fails the test if anything of it cannot be. */
struct skep_object *load_spec(struct skep_spec *spec);

/* Switches off all programs but one, or but two. */
void only_program(struct skep_spec *spec, const char *name);
void only_programs(struct skep_spec *spec, const char *name, const char *other);

/* Sets the fixture's filter, `only_pid`, to this process. */
void only_this_process(struct skep_spec *spec);

/* A system call that fixtures count. */
void call_kernel(int times);

/* The value of a 64-bit global. */
uint64_t global_value(const struct skep_object *object, const char *name);

/* A child that ends when the test does, however that ends. */
pid_t fork_with_test(void);

/* Open file descriptors of this process. */
size_t count_fds(void);

/* The id of a program, map or link by its fd. */
uint32_t program_id(int fd);
uint32_t map_id(int fd);
uint32_t link_id(int fd);

/* Waits until an id is gone, as the kernel frees some things a little later. */
bool id_goes_away(enum bpf_cmd get_fd_by_id, uint32_t id);

/*
 * Waits until the kernel has no map whose name begins with @prefix, but for those up to an id:
 * they are others'.
 */
bool maps_go_away(const char *prefix, uint32_t after);

/* The same of programs, and so of their links. */
bool programs_go_away(const char *prefix);
uint32_t newest_map_id(void);

#endif
