// SPDX-License-Identifier: MIT
/*
 * Refusals in plain words. The patterns are the verifier's messages (kernel/bpf/verifier.c) of
 * 5.10 to 7.2; where they changed, each wording has its row. Rows are tried in this order, so
 * the more telling of two that fit comes first.
 */
#include "load/verifier.h"

#define NULL_HINT "check it against NULL first: a look-up finds nothing when the key is not there"
#define BOUNDS_HINT                                                                 \
	"check the index right before the access, with the variable that is used: " \
	"if (i >= SIZE) return 0;"
#define PACKET_HINT                                                                      \
	"compare with data_end first: if (p + 1 > data_end) return XDP_PASS; an offset " \
	"that is added needs a limit of its own, such as & 0xfff"
#define HELPER_HINT "use a helper or kfunc that this program type has or another type"
#define CORE_HINT                                                                  \
	"ask before it is used: bpf_core_field_exists(), bpf_core_type_exists(), " \
	"bpf_core_enum_value_exists()"
#define SCALAR_CAUSE "R$1 is a plain number here, not a pointer that may be read"
#define SCALAR_HINT                                                                            \
	"kernel and user addresses are read with bpf_probe_read_kernel(), "                    \
	"bpf_probe_read_user() or BPF_CORE_READ(); a pointer that was computed from a number " \
	"is not one, nor is a packet pointer after a helper that changes the packet: read "    \
	"data and data_end again"
#define LOOP_HINT "give the loop a limit that is a constant, or use bpf_loop() or bpf_for()"
#define ARGUMENT_HINT                                                                         \
	"pass the address of a variable or a map; what was given back is a number from then " \
	"on"
#define RETURN_HINT "return one of the values that the program type's hook takes"
#define LOCK_HINT   "call bpf_spin_unlock() on every path, and before any other call"
#define STACK_HINT                                                                              \
	"pass the variable's own size (sizeof); the stack has 512 bytes for a program and all " \
	"it calls, so put large variables into a per-CPU array map"

static const struct skep_verifier_rule rules[] = {
	/* Pointers that may be NULL */
	{ "R% invalid mem access 'mem_or_null'", "R$1 may be NULL here",
	  "check it against NULL first: a global function's argument and a reserved record may be "
	  "NULL",
	  0 },
	{ "R% invalid mem access '*or_null*'", "R$1 may be NULL here", NULL_HINT, 0 },
	{ "R% pointer arithmetic on *_or_null prohibited*",
	  "R$1 may be NULL here, and is computed with before it is checked", NULL_HINT, 0 },
	{ "R% type=*_or_null expected=*",
	  "R$1 may be NULL here, which the called function does "
	  "not take",
	  NULL_HINT, 0 },
	{ "Possibly NULL pointer passed to *arg%",
	  "argument $2 may be NULL here, which the called "
	  "function does not take",
	  NULL_HINT, 0 },

	/* What is no pointer at all */
	{ "R% invalid mem access 'inv'", SCALAR_CAUSE, SCALAR_HINT, 0 },
	{ "R% invalid mem access 'scalar'", SCALAR_CAUSE, SCALAR_HINT, 0 },
	{ "R% invalid mem access '*'",
	  "R$1 is of kind $2 here, which cannot be read or written "
	  "this way",
	  "use the helper that is made for it", 0 },
	{ "dereference of modified ctx ptr R% off=% disallowed",
	  "the context pointer R$1 was moved by $2 before it is used",
	  "read fields through the context as it was passed", 0 },
	{ "dereference of modified * ptr R% off=% disallowed",
	  "R$2 was moved by $3 before it is used", "pass the pointer as it was given", 0 },

	/* Packets */
	{ "invalid access to packet, off=% size=%*",
	  "$b2 at offset $1 may be beyond the packet's end", PACKET_HINT, 0 },
	{ "R% offset is outside of the packet", "the access may be beyond the packet's end",
	  PACKET_HINT, 0 },
	{ "helper access to the packet is not allowed",
	  "this helper does not take packet memory in this program type",
	  "copy what is needed to the stack first", 0 },
	{ "cannot write into packet", "this program type may not change the packet",
	  "use bpf_skb_store_bytes() where the type has it", 0 },

	/* Map values and other memory */
	{ "invalid access to map value, value_size=% off=% size=%",
	  "$b3 at offset $2 are not within the map value's $b1", BOUNDS_HINT, 0 },
	{ "invalid access to memory, mem_size=% off=% size=%",
	  "$b3 at offset $2 are not within the memory's $b1",
	  "reserve as much as is written: sizeof(*record)", 0 },
	{ "R% unbounded memory access, make sure to bounds check any such access",
	  "the offset in R$1 has no upper limit", BOUNDS_HINT, 0 },
	{ "R% unbounded memory access, use *", "the size in R$1 has no upper limit",
	  "limit it first: if (size > sizeof(buf)) size = sizeof(buf); a signed one must also be "
	  "checked to be >= 0",
	  0 },
	{ "R% min value is negative, either use unsigned index or do a if (index >=0) check.",
	  "the index in R$1 may be negative", "make it unsigned, or check that it is >= 0", 0 },
	{ "R% min value is negative, either use unsigned or 'var &= const'",
	  "the size in R$1 may be negative", "make it unsigned, or check that it is >= 0", 0 },
	{ "R% min value is outside of the allowed memory range",
	  "the access may begin before the object's memory", BOUNDS_HINT, 0 },
	{ "R% max value is outside of the allowed memory range",
	  "the access may go beyond the object's memory", BOUNDS_HINT, 0 },
	{ "write into map forbidden, value_size=% off=% size=%",
	  "the map is read-only for programs; constants (.rodata) cannot be written",
	  "take const away from the variable, or BPF_F_RDONLY_PROG from the map", 0 },
	{ "read from map forbidden, value_size=% off=% size=%",
	  "the map is write-only for programs (BPF_F_WRONLY_PROG)",
	  "take the flag away, or read another map", 0 },
	{ "R% cannot write into *", "R$1 points to memory that may only be read ($2)",
	  "write to a copy", 0 },
	{ "R% invalid zero-sized read*", "the size in R$1 may be 0",
	  "check that it is at least 1 before the call", 0 },
	{ "invalid zero-sized read", "the size that is passed may be 0",
	  "check that it is at least 1 before the call", 0 },
	{ "R% is not a known constant*", "R$1 must be a constant here",
	  "bpf_ringbuf_reserve() takes no other: for a size that varies use bpf_ringbuf_output() "
	  "or bpf_ringbuf_reserve_dynptr()",
	  0 },

	/* Stack and registers */
	{ "combined stack size of % calls is %. Too large",
	  "$1 calls deep, the functions' stacks need $2 bytes together", STACK_HINT, 0 },
	{ "invalid unbounded variable-offset * stack R%",
	  "the index into an array on the stack has no limits", BOUNDS_HINT, 0 },
	{ "invalid variable-offset * stack R% var_off=*",
	  "the index may lead out of the array on the stack", BOUNDS_HINT, 0 },
	{ "R% unbounded indirect variable offset stack access",
	  "the index into an array on the stack has no limits", BOUNDS_HINT, 0 },
	{ "variable stack access var_off=*",
	  "an array on the stack is indexed by a variable, which this kernel does not allow",
	  "put the array into a per-CPU array map", 0 },
	{ "invalid write to stack R% off=% size=%",
	  "$b3 at offset $2 are not within the stack, which is from -512 to 0", STACK_HINT, 0 },
	{ "invalid * stack R% off=% size=%",
	  "$b4 at offset $3 are not within the stack, which is from -512 to 0", STACK_HINT, 0 },
	{ "invalid * stack R% off=% access_size=%",
	  "$b4 at offset $3 are not within the stack, which is from -512 to 0", STACK_HINT, 0 },
	{ "invalid stack off=% size=%",
	  "$b2 at offset $1 are not within the stack, which is from -512 to 0", STACK_HINT, 0 },
	{ "invalid indirect read from stack R% off %+% size %",
	  "$b4 of the stack are passed, and the byte at $3 was never written",
	  "set the whole variable to 0 first, with its padding: = {} or __builtin_memset", 0 },
	{ "invalid read from stack *off %+% size %",
	  "a stack variable is read that was never written", "give it a value first", 0 },
	{ "R% !read_ok", "R$1 has no value here",
	  "every path must set the variable first; a call clears R1 to R5", 0 },
	{ "frame pointer is read only", "R10, the stack's address, cannot be changed",
	  "copy it to another register", 0 },

	/* Calls */
	{ "cannot call GPL-restricted function from non-GPL compatible program*",
	  "it calls a function that only GPL-compatible programs may call", "", 0 },
	{ "cannot call GPL only function from proprietary program*",
	  "it calls a function that only GPL-compatible programs may call", "", 0 },
	{ "program of this type cannot use helper *#%*",
	  "the helper $1 is not for programs of this type", HELPER_HINT, 0 },
	{ "unknown func *#%*", "the kernel has no helper $1 for programs of this type", HELPER_HINT,
	  0 },
	{ "failed to resolve CO-RE relocation *",
	  "the kernel's types lack what the program reads here: $1", CORE_HINT, 0 },
	/* SKEP_POISON_CORE, which is libbpf's as well */
	{ "invalid func unknown#195896080",
	  "the kernel's types lack a field, type or value that the program uses here", CORE_HINT,
	  0 },
	{ "invalid func *#%*", "the kernel has no helper with the number $2",
	  "the program was made for a newer kernel", 0 },
	{ "calling kernel function * is not allowed",
	  "the kernel function $1 is not for programs of this type", HELPER_HINT, 0 },
	{ "BPF_CALL uses reserved fields", "this kernel's programs cannot call its functions",
	  "kfuncs need Linux 5.13 and more for most types; test with bpf_ksym_exists() first", 0 },
	{ "ldimm64 failed to find the address for kernel symbol '*'*",
	  "the kernel has not the address of its variable '$1'",
	  "it must be built with CONFIG_KALLSYMS_ALL, or declare the variable __weak", 0 },
	{ "R% type=scalar expected=*", "R$1 is a plain number, and the called function takes $2",
	  ARGUMENT_HINT, 0 },
	{ "R% type=inv expected=*", "R$1 is a plain number, and the called function takes $2",
	  ARGUMENT_HINT, 0 },
	{ "R% type=* expected=*", "R$1 is $2 here, and the called function takes $3",
	  "pass what the helper's description in bpf-helpers(7) asks for", 0 },
	{ "cannot pass map_type % into func *#%",
	  "the helper $2 does not work on a map of type $m1",
	  "bpf-helpers(7) says which map each helper takes", 0 },
	{ "program's hash doesn't match map's excl_prog_hash*",
	  "a map that it uses is for another program alone",
	  "name this program when the map is created, or leave the map to all", 0 },
	{ "expected prog array map for tail call*",
	  "bpf_tail_call() works on maps of type prog_array only",
	  "give the map that type: BPF_MAP_TYPE_PROG_ARRAY", 0 },
	{ "kernel subsystem misconfigured verifier",
	  "the helper does not work on that map: bpf_tail_call() needs one of type prog_array",
	  "give the map that type: BPF_MAP_TYPE_PROG_ARRAY", 0 },
	{ "tracing progs cannot use * yet", "programs of tracing types cannot use $1",
	  "count with atomic operations, or with a per-CPU map", 0 },
	{ "the call stack of % frames is too deep*", "functions call each other more than 8 deep",
	  "make some of them __always_inline", 0 },

	/* What must be given back */
	{ "Unreleased reference id=% alloc_insn=%",
	  "what was taken by the call in instruction $2 is not given back on every path",
	  "release it before each return: bpf_ringbuf_submit() or _discard(), bpf_sk_release()",
	  2 },
	{ "reference has not been acquired before", "it gives back what it does not have",
	  "release each reference once", 0 },
	{ "function calls are not allowed while holding a lock",
	  "a function is called between bpf_spin_lock() and bpf_spin_unlock()", LOCK_HINT, 0 },
	{ "Locking two bpf_spin_locks are not allowed", "a second lock is taken while one is held",
	  LOCK_HINT, 0 },
	{ "bpf_spin_unlock is missing", "a lock is still held where the program ends", LOCK_HINT,
	  0 },
	{ "BPF_EXIT instruction in * cannot be used inside bpf_spin_lock-ed region",
	  "a lock is still held where $1 ends", LOCK_HINT, 0 },
	{ "* cannot be accessed directly by load/store",
	  "a $1 in a map's value is read or written directly",
	  "only its helpers may touch it: copy the fields beside it one by one", 0 },

	/* Size and loops */
	{ "BPF program is too large. Processed % insn",
	  "the verifier gave up after $1 steps: too many paths through the program",
	  "make loops shorter, or use bpf_loop(); put repeated code into global (non-static) "
	  "functions, which are checked once",
	  0 },
	{ "argument list too long", "the program is too large, or has too many paths through it",
	  "make loops shorter, or use bpf_loop(); put repeated code into global (non-static) "
	  "functions, which are checked once",
	  0 },
	{ "The sequence of % jumps is too complex.", "more than $1 branches one after the other",
	  "split the program by tail calls or "
	  "global functions",
	  0 },
	{ "infinite loop detected at insn %", "the loop never ends", LOOP_HINT, 1 },
	{ "back-edge from insn % to %", "this kernel or these rights do not allow loops", LOOP_HINT,
	  1 },
	{ "unreachable insn %", "code that is never reached", "remove it", 1 },
	{ "last insn is not an exit or jmp", "a path runs past the program's end",
	  "every path must end with return", 0 },

	/* Context and kernel structs */
	{ "func '*' doesn't have %-th argument", "$1 has fewer arguments than are read here",
	  "see its prototype: skep vmlinux prints the kernel's types", 0 },
	{ "variable ctx access var_off=* disallowed",
	  "the context is read at an offset that is not a constant",
	  "use a constant index, or a branch for each", 0 },
	{ "R% is ptr_* invalid variable offset: off=%, var_off=*",
	  "struct $2 is read at an offset that is not a constant",
	  "read with bpf_probe_read_kernel(), which takes any address", 0 },
	{ "invalid bpf_context access off=% size=%",
	  "the context has no field of $b2 at offset $1 that may be $a by this program type",
	  "see the context's struct in linux/bpf.h, or the tracepoint's format file; a field "
	  "must be read whole",
	  0 },
	{ "access beyond struct * at off % size %", "$b3 at offset $2 are beyond struct $1",
	  "read the field by its name, with CO-RE", 0 },
	{ "cannot access ptr member * with moff % in struct * with off % size %",
	  "the pointer $1 of struct $3 is read by $b5 of it alone", "read it whole", 0 },
	{ "only read is supported", "kernel memory cannot be written", "write to a copy", 0 },
	{ "misaligned * access off *size %",
	  "an access of $b3 at an offset that is no multiple of them",
	  "align the struct, or copy its bytes", 0 },

	/* Results and arithmetic */
	{ "At program exit the register R% has * should have been in *",
	  "the return value is $v2 and must be within $v3", RETURN_HINT, 0 },
	{ "At program exit the register R% is not a known value (*)",
	  "the return value is a pointer ($2), not a number", RETURN_HINT, 0 },
	{ "At callback return the register R% has * should have been in *",
	  "the callback's return value is $v2 and must be within $v3",
	  "return 0 to go on and 1 to stop", 0 },
	{ "R% leaks addr *", "a kernel address would leave the program through R$1",
	  "return or store a number instead", 0 },
	{ "R% pointer arithmetic on * prohibited*", "R$1 ($2) cannot be computed with",
	  "pass the pointer as it was given", 0 },
	{ "R% pointer arithmetic with * operator prohibited",
	  "R$1 is a pointer, and $2 makes no pointer of it",
	  "add and subtract numbers only; compute with numbers before", 0 },
	{ "math between * pointer and register with unbounded min value is not allowed",
	  "a number that may be negative is added to a pointer",
	  "make the index unsigned, or check that it is >= 0 as well", 0 },
	{ "div by zero", "it divides by the constant 0", "check the divisor first", 0 },
	{ "invalid shift %", "a shift by $1 bits is wider than the register",
	  "limit the shift: & 63, or & 31 for 32 bits", 0 },
	{ "BPF_* stores into R% * is not allowed", "an atomic operation on R$2, which is $3",
	  "atomic operations work on map values, the stack and global variables", 0 },
	{ "math between * pointer and register with unbounded * value is not allowed",
	  "a number without limits is added to a pointer", BOUNDS_HINT, 0 },
	{ "math between * pointer and %*",
	  "$2 is added to a pointer, which leads far outside of what it points to", BOUNDS_HINT,
	  0 },

	/* Loading */
	{ "attach_btf_id % *", "its hook $2", "check the target's name", 0 },
	{ "Tracing programs must provide btf_id*", "it does not say what it attaches to",
	  "give the section a target: fentry/FUNCTION", 0 },
	{ "* is not sleepable", "'$1' cannot be a sleepable hook",
	  "take \".s\" away from the section's name", 0 },
};

const struct skep_verifier_rule *skep_verifier_rule(size_t i)
{
	if (i < skep_verifier_n_object_rules)
		return &skep_verifier_object_rules[i];
	i -= skep_verifier_n_object_rules;
	return i < sizeof(rules) / sizeof(rules[0]) ? &rules[i] : NULL;
}
