// SPDX-License-Identifier: MIT
/*
 * Refusals in plain words: of what newer kernels have, their functions for programs (kfuncs) and
 * the objects that these hand out, iterators, dynptrs, programs that sleep. See verifier_rules.c;
 * these are tried before.
 */
#include "load/verifier.h"

#define SLEEP_HINT                                                                               \
	"add \".s\" to the section's name where the hook allows it, as \"lsm.s/...\"; or use a " \
	"helper that does not sleep, as bpf_probe_read_user()"
#define TRUST_HINT                                                                               \
	"pass the hook's own argument, or what a function of the kernel has handed out, as "     \
	"bpf_task_from_pid(); a pointer that was read out of a struct is taken where RCU keeps " \
	"it, and bpf_rcu_read_lock() was called if the program may sleep"
#define RCU_HINT                                                                              \
	"call bpf_rcu_read_lock() before and bpf_rcu_read_unlock() behind it; programs that " \
	"cannot sleep need not"
#define RCU_END_HINT "call bpf_rcu_read_unlock() on every path, and never without the other"
#define DYNPTR_HINT                                                                            \
	"make it first, and look whether that succeeded: bpf_dynptr_from_mem(), _from_skb(), " \
	"_from_xdp(), bpf_ringbuf_reserve_dynptr()"
#define ITERATOR_HINT                                                                      \
	"each is made by _new() and ended by _destroy(): bpf_for() and bpf_for_each() of " \
	"skep/bpf/loops.h do both"
#define RELEASE_HINT                                                                         \
	"release what a helper or function of the kernel has handed out for that, once, by " \
	"the one that belongs to it"
#define LEAVE_HINT  "release it before: bpf_ringbuf_submit() or _discard(), bpf_sk_release()"
#define FAR_HINT    "check the index right before the access, with the variable that is used"
#define GLOBAL_HINT "global functions return a number: return one, or make the function static"

const struct skep_verifier_rule skep_verifier_object_rules[] = {
	/* Sleeping */
	{ "program must be sleepable to call sleepable kfunc *",
	  "$1 may sleep, and the program must not", SLEEP_HINT, 0 },
	{ "helper call might sleep in a non-sleepable prog",
	  "it calls a helper that may sleep, and the program must not", SLEEP_HINT, 0 },
	{ "sleepable helper *#% in non-sleepable prog*", "$1 may sleep, and the program must not",
	  SLEEP_HINT, 0 },
	{ "Sleepable programs can only use * maps",
	  "the program may sleep, and uses a map of a type that such programs may not use",
	  "they may use maps of these types: $1; or take \".s\" away from the section's name", 0 },
	{ "expected an RCU CS when using *", "$1 is used where nothing keeps what it finds",
	  RCU_HINT, 0 },
	{ "kernel func * requires RCU critical section protection",
	  "$1 is used where nothing keeps what it finds", RCU_HINT, 0 },
	{ "bpf_rcu_read_unlock is missing",
	  "bpf_rcu_read_unlock() is missing where the program ends", RCU_END_HINT, 0 },
	{ "BPF_EXIT instruction in * cannot be used inside bpf_rcu_read_lock-ed region",
	  "bpf_rcu_read_unlock() is missing where $1 ends", RCU_END_HINT, 0 },
	{ "unmatched rcu read unlock*", "bpf_rcu_read_unlock() without bpf_rcu_read_lock()",
	  RCU_END_HINT, 0 },

	/* Arguments of the kernel's functions */
	{ "R% must be referenced or trusted", "R$1 points to an object that may be gone by now",
	  TRUST_HINT, 0 },
	{ "R% must be a rcu pointer", "R$1 points to an object that may be gone by now", TRUST_HINT,
	  0 },
	{ "kernel function * expected pointer to * but R% has a pointer to *",
	  "$1 takes $2, and R$3 points to $4",
	  "pass a pointer to the struct that its prototype names", 0 },
	{ "Possibly NULL pointer passed to *",
	  "$1 may be NULL here, which the called function does not take",
	  "check it against NULL first", 0 },
	{ "arg % is an unacquired reference", "argument $1 is nothing that could be given back",
	  RELEASE_HINT, 0 },
	{ "release * expects referenced PTR_TO_BTF_ID passed to *",
	  "what is passed to the $1 ($2) is nothing that could be given back", RELEASE_HINT, 0 },
	{ "store to referenced kptr disallowed",
	  "a pointer in a map's value, which owns what it points to, is written directly",
	  "exchange it: old = bpf_kptr_xchg(&value->ptr, new); then release old unless it is NULL",
	  0 },
	{ "R% does not point to a readonly map*", "the string in R$1 may change",
	  "make it a constant, which lies in .rodata: static const char format[] = ...", 0 },
	{ "func *#% supported only for *", "$1 is for $3 only",
	  "use a program of one of these kinds", 0 },
	{ "cannot call kernel function from non-GPL compatible program",
	  "it calls a function of the kernel, which only GPL-compatible programs may", "", 0 },
	{ "Cannot access kernel 'struct *' from non-GPL compatible program",
	  "it reads struct $1, which only GPL-compatible programs may", "", 0 },
	{ "* programs must have a GPL compatible license",
	  "$1 programs must have a GPL-compatible license", "", 0 },

	/* Dynptrs and iterators */
	{ "Expected an initialized dynptr as *", "the dynptr that is passed ($1) is not made yet",
	  DYNPTR_HINT, 0 },
	{ "Expected a dynptr of type * as *", "the dynptr that is passed ($2) is none of kind $1",
	  "bpf_ringbuf_submit_dynptr() and _discard_dynptr() are for those of "
	  "bpf_ringbuf_reserve_dynptr() only, as others are for packets only",
	  0 },
	{ "Dynptr has to be an uninitialized dynptr", "a dynptr is made where there is one already",
	  "use a variable for each", 0 },
	{ "cannot overwrite referenced dynptr",
	  "a dynptr is overwritten that holds a reserved record",
	  "bpf_ringbuf_submit_dynptr() or bpf_ringbuf_discard_dynptr() first", 0 },
	{ "expected an initialized iter_* as *", "the iterator of kind $1 ($2) is not made yet",
	  ITERATOR_HINT, 0 },
	{ "expected uninitialized iter_* as *",
	  "an iterator of kind $1 is made where there is one already ($2)", ITERATOR_HINT, 0 },

	/* Functions */
	{ "tail_call would lead to reference leak",
	  "a tail call leaves the program with something not given back", LEAVE_HINT, 0 },
	{ "bpf_throw would lead to reference leak",
	  "bpf_throw() leaves the program with something not given back", LEAVE_HINT, 0 },
	{ "recursive call from *() to *()", "$1() calls $2(), which leads back to $1()",
	  "programs cannot call themselves: write a loop", 0 },
	{ "Global function *() doesn't return scalar*", "$1() is global and returns no number",
	  GLOBAL_HINT, 0 },
	{ "Global function *() return value not void or scalar*",
	  "$1() is global and returns no number", GLOBAL_HINT, 0 },
	{ "Arg#% type * in *() is not supported yet*",
	  "$3() is global, and its parameter $1 (from 0) is of a type that such functions cannot have",
	  "they take numbers, the context and, since 5.12, pointers to structs of a known size; or "
	  "make it static",
	  0 },
	{ "cannot return stack pointer to the caller",
	  "a function returns the address of its own variable",
	  "let the caller pass the address of a variable of its own", 0 },
	{ "*() is not modifiable", "$1() does not let programs change its result",
	  "fmod_ret is for system calls, security_...() and what allows error injection; to watch "
	  "a function use fentry or fexit",
	  0 },
	{ "unexpected __bpf_trap()*",
	  "the compiler has put a trap here, as the source does what C leaves undefined",
	  "most often a variable is used that has no value on some path: set it where it is "
	  "declared, and compile with -Wall",
	  0 },

	/* Memory */
	{ "reading from stack *slot poisoned by dead code elimination",
	  "a variable on the stack is passed or read that this kernel takes for unused",
	  "it looks only at what the helper does with most maps: keep the variable in a map or make "
	  "it global",
	  0 },
	{ "R% invalid * access off=% size=%",
	  "R$1 ($2) has no field of $b4 at offset $3 that may be $a",
	  "linux/bpf.h tells the fields of struct bpf_sock and its kin, which are read whole; what a "
	  "sock_common has not, bpf_sk_fullsock() gives",
	  0 },
	{ "same insn cannot be used with different pointers",
	  "one instruction reads or writes through pointers of two kinds",
	  "the compiler has joined two accesses: keep them apart with barrier_var()", 0 },
	{ "value % makes * pointer be out of bounds",
	  "an offset of $1 leads far outside of what the pointer ($2) points to", FAR_HINT, 0 },
	{ "* pointer offset % is not allowed",
	  "an offset of $2 leads far outside of what the pointer ($1) points to", FAR_HINT, 0 },
	{ "R% pointer * pointer prohibited", "R$1 and another pointer are put together by $2",
	  "add and subtract numbers only; two pointers into a packet may be subtracted", 0 },
	{ "R% 32-bit pointer arithmetic prohibited", "the pointer in R$1 is cut to 32 bits",
	  "keep it in a pointer or in an unsigned long", 0 },
};

const size_t skep_verifier_n_object_rules =
	sizeof(skep_verifier_object_rules) / sizeof(skep_verifier_object_rules[0]);
