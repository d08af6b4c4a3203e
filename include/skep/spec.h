/* SPDX-License-Identifier: MIT */
/*
 * skep/spec.h - what an object file says.
 *
 * A spec is read from a file or memory and touches no kernel: it reads the same on every machine,
 * for either byte order. It is plain data. Between reading and loading a program may look at
 * everything and change what its comment marks "settable": switch programs and maps off, change
 * types, sizes and flags, set global variables. One spec can be loaded many times.
 *
 *	skep_spec_open -> (change) -> skep_object_load (skep/object.h) -> skep_spec_free
 *
 * The spec owns all that it points to. The structs grow at their ends only and are handed out by
 * pointer, so that a program built against an older header keeps working.
 */
#ifndef SKEP_SPEC_H
#define SKEP_SPEC_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/btf.h>
#include <skep/error.h>

struct skep_map;

#ifdef __cplusplus
extern "C" {
#endif

/* What an instruction refers to by a symbol. */
enum skep_ref_kind {
	SKEP_REF_MAP,  /* ld_imm64 of a map: its fd */
	SKEP_REF_DATA, /* ld_imm64 of a global variable: map `index`, byte `offset` in its value */
	SKEP_REF_CALL, /* call of a function in this object: `index` in functions */
	SKEP_REF_FUNCTION, /* ld_imm64 of a function's address, a callback: `index` in functions */
	SKEP_REF_EXTERN, /* ld_imm64 of an extern variable (.ksyms, .kconfig): `index` in externs */
	SKEP_REF_KFUNC,	 /* call of an extern function: `index` in externs */
	SKEP_REF_TABLE,	 /* ld_imm64 of a jump table: `index` in tables */
};

struct skep_ref {
	uint32_t insn; /* index in the function's instructions */
	enum skep_ref_kind kind;
	uint32_t index;
	int64_t offset; /* bytes from the start of the data map's value, or of the extern */
};

/* Where an indirect jump of a function goes on (insn_array maps, 7.0). */
struct skep_jump_table {
	const char *name;  /* the symbol's */
	uint32_t *targets; /* indices in the instructions of the function that refers to it */
	uint32_t n_targets;
};

/* A CO-RE relocation (enum bpf_core_relo_kind in linux/bpf.h). */
struct skep_core_relo {
	uint32_t insn;	    /* index in the function's instructions */
	uint32_t type_id;   /* the root type, in the object's BTF */
	const char *access; /* "0:1:2" */
	enum bpf_core_relo_kind kind;
};

struct skep_line {
	uint32_t insn;		     /* index in the function's instructions */
	uint32_t file_off, text_off; /* strings in the object's BTF: file name, source line */
	uint32_t line_col;	     /* BPF_LINE_INFO_LINE_NUM, BPF_LINE_INFO_LINE_COL */
};

/* A function's code: a program, or a subprogram that programs call. */
struct skep_function {
	const char *name;	     /* the symbol's */
	const char *section;	     /* ".text", "xdp", "tp/sched/sched_switch" */
	uint32_t section_index;	     /* in the ELF file */
	uint32_t section_offset;     /* in instructions */
	struct bpf_insn *insns;	     /* native byte order, references not yet resolved */
	uint32_t n_insns;	     /* an ld_imm64 counts as two */
	bool is_global, is_weak;     /* symbol binding */
	uint32_t type_id;	     /* BTF_KIND_FUNC in the object's BTF, 0 when unknown */
	const struct skep_ref *refs; /* sorted by insn */
	size_t n_refs;
	const struct skep_core_relo *core_relos; /* sorted by insn */
	size_t n_core_relos;
	const struct skep_line *lines; /* sorted by insn */
	size_t n_lines;
	bool is_hidden; /* not seen outside the object: verified where it is called, as static */
};

struct skep_program_spec {
	const char *name;    /* its function's name */
	const char *section; /* as written, "?fentry.s/do_unlinkat" */
	uint32_t function;   /* index in functions */
	uint32_t type; /* settable. BPF_PROG_TYPE_*; UNSPEC when the section name is unknown */
	uint32_t attach_type;	   /* settable. expected attach type, or 0 */
	bool attach_type_optional; /* settable. the kernel may refuse the attach type; loads without
				      then */
	bool needs_attach_btf; /* settable. tp_btf, iter, fentry, ...: target looked up in BTF at
				  load */
	uint32_t flags;	       /* settable. BPF_F_SLEEPABLE, BPF_F_XDP_HAS_FRAGS, ... */
	const char
		*target;  /* settable by skep_program_spec_target. "sched/sched_switch"; or NULL */
	bool load;	  /* settable. false for a section that begins with '?' */
	bool attach;	  /* settable. whether skep_object_attach attaches it */
	const char *note; /* what was unusual about the section's name, or NULL */
	int target_fd;	  /* settable. the loaded program whose function is the target; or 0 */
	/*
	 * Settable: the global function of the object that runs when the program throws
	 * (bpf_throw, 6.7), by the tag "exception_callback:NAME"; or NULL. The name is not copied.
	 */
	const char *exception_callback;
	uint32_t ifindex; /* settable. the interface whose card is to run it (offload); or 0 */
};

enum skep_map_kind {
	SKEP_MAP_DEFINED,    /* a variable in .maps */
	SKEP_MAP_LEGACY,     /* a struct bpf_map_def in `maps` */
	SKEP_MAP_DATA,	     /* .data*, .rodata*, .bss*: one element that holds the variables */
	SKEP_MAP_KCONFIG,    /* .kconfig: like .rodata, filled at load */
	SKEP_MAP_STRUCT_OPS, /* a variable in .struct_ops or .struct_ops.link */
};

/* A slot that the source fills: array of maps, or program array. */
struct skep_map_slot {
	uint32_t key;
	bool is_program; /* `index` is into programs; otherwise into maps */
	uint32_t index;
};

/*
 * A function pointer of a struct_ops variable: the program that the kernel calls. Settable by
 * skep_map_spec_function.
 */
struct skep_ops_slot {
	uint32_t offset;  /* in bytes from the variable's start */
	uint32_t program; /* index in programs; SKEP_NO_PROGRAM: the pointer is NULL */
};

#define SKEP_NO_PROGRAM UINT32_MAX

struct skep_map_spec {
	const char *name; /* the variable's; ".bss" and so on for data */
	enum skep_map_kind kind;
	uint32_t type; /* settable, as all sizes and flags below. BPF_MAP_TYPE_* */
	uint32_t key_size, value_size, max_entries;
	uint32_t flags; /* BPF_F_* of BPF_MAP_CREATE */
	uint32_t numa_node;
	uint64_t extra;	  /* map_extra */
	uint32_t pinning; /* 0 none, 1 by name: in the folder skep_object_opts.pin_root */
	uint32_t key_type_id, value_type_id; /* in the object's BTF, 0 when only a size is given */
	struct skep_map_spec *inner;	     /* of a map in map; owned; or NULL */
	const struct skep_map_slot *slots;
	size_t n_slots;
	/*
	 * Kinds DATA and STRUCT_OPS: the initial value, data_size bytes, settable; else NULL. In a
	 * STRUCT_OPS the functions' pointers are zero: they are in `ops`.
	 */
	uint8_t *data;
	bool create; /* settable. false: not created, references to it are poisoned */
	/*
	 * Settable: an existing map in place of a new one, of the same type, key and value size;
	 * its other sizes and its contents stay as they are. It must be open until the spec has
	 * been loaded, and the object gets a handle of its own.
	 */
	const struct skep_map *use;
	/*
	 * Settable: where it is pinned, whatever `pinning` says. What is pinned there already is
	 * used if it agrees in all sizes and flags, contents and all; otherwise the new map is
	 * pinned there, and stays. Types are not compared: two structs of one size agree. The
	 * caller's string, until the spec has been loaded.
	 */
	const char *pin_path;
	struct skep_ops_slot *ops; /* kind STRUCT_OPS: by ascending offset; else NULL */
	size_t n_ops;
	bool attach; /* settable, kind STRUCT_OPS: whether skep_object_attach registers it */
	/*
	 * Bytes at `data`. An arena has some too, if the object has variables in its address space
	 * (section .addr_space.1): they are put to its beginning.
	 */
	uint32_t data_size;
	/*
	 * Settable: bound to all programs of the object, whether they use it or not (5.10; left out
	 * before). Constants named bpf_metadata_..., which say something about the object, set it.
	 */
	bool bind;
	/*
	 * Settable: the program of the same spec that alone may use the map (6.18); the kernel
	 * knows it by the digest of its instructions. NULL: any.
	 */
	const struct skep_program_spec *exclusive;
	uint32_t ifindex; /* settable. the interface whose card is to hold it (offload); or 0 */
};

/* A global variable in a data map. */
struct skep_global_spec {
	const char *name;
	uint32_t map;	       /* index in maps */
	uint32_t offset, size; /* in the map's value */
	uint32_t type_id;      /* in the object's BTF, 0 when unknown */
	bool is_const;	       /* in .rodata*: cannot change after load */
	bool is_static;	       /* a static variable */
};

enum skep_extern_kind { SKEP_EXTERN_UNKNOWN, SKEP_EXTERN_KCONFIG, SKEP_EXTERN_KSYM };

struct skep_extern_spec {
	const char *name;
	enum skep_extern_kind kind;
	bool is_weak, is_function;
	uint32_t type_id;      /* of the variable (0: typeless) or the FUNC, in the object's BTF */
	uint32_t map;	       /* KCONFIG: index in maps of the map that has its value */
	uint32_t offset, size; /* KCONFIG: its place in that map's value */
};

struct skep_spec {
	const char *name;      /* the file's base name without ".bpf.o"/".o", or opts.name */
	const char *path;      /* for messages */
	const char *license;   /* "" when the file has none */
	uint32_t kern_version; /* from the section `version`, or 0 */
	bool is_foreign;       /* the other byte order than this machine: can be read, not loaded */
	struct skep_btf *btf;  /* NULL when the object has none */

	struct skep_function **functions;
	size_t n_functions;
	struct skep_program_spec **programs;
	size_t n_programs;
	struct skep_map_spec **maps;
	size_t n_maps;
	struct skep_global_spec **globals;
	size_t n_globals;
	struct skep_extern_spec **externs;
	size_t n_externs;
	size_t n_bytes; /* of the file */
	struct skep_jump_table **tables;
	size_t n_tables;
};

struct skep_spec_opts {
	size_t size;	   /* sizeof(struct skep_spec_opts) */
	const char *name;  /* the object's name; default: from the path */
	const char *path;  /* the file that messages name, if it is not the one that is read */
	bool relaxed_maps; /* members of map definitions that nobody knows are no errors */
};

/*
 * skep_spec_open - reads an object file (at most 256 MiB).
 * NULL with the errors of open(2), ENOEXEC (not an eBPF object: the message says what it is),
 * EINVAL (damaged or contradictory: the message names section and offset), ENOMEM.
 */
struct skep_spec *skep_spec_open(const char *path, const struct skep_spec_opts *opts,
				 struct skep_error *err);

/*
 * The same from a file that is open, read from its beginning; the fd stays the caller's, where it
 * was. Without opts.path and opts.name the object is called "object".
 */
struct skep_spec *skep_spec_open_fd(int fd, const struct skep_spec_opts *opts,
				    struct skep_error *err);

/* The same from memory, which is copied. */
struct skep_spec *skep_spec_read(const void *data, size_t len, const struct skep_spec_opts *opts,
				 struct skep_error *err);

void skep_spec_free(struct skep_spec *spec);

/* By name; NULL when there is none. Maps of data are found by section name (".bss"). */
struct skep_program_spec *skep_spec_program(const struct skep_spec *spec, const char *name);
struct skep_map_spec *skep_spec_map(const struct skep_spec *spec, const char *name);
struct skep_global_spec *skep_spec_global(const struct skep_spec *spec, const char *name);

/*
 * skep_program_spec_target - changes what a program attaches to: "do_unlinkat" for fentry,
 * "category/name" for tracepoints; copied. NULL takes the target away.
 */
int skep_program_spec_target(struct skep_spec *spec, struct skep_program_spec *program,
			     const char *target);

/*
 * skep_program_spec_target_program - makes a function of another loaded program the target, for
 * fentry, fexit (5.5) and freplace (5.6): @fd, which must stay open until it is loaded, and the
 * function's name; that of the program itself is its own. @fd 0: a function of the kernel again.
 */
int skep_program_spec_target_program(struct skep_spec *spec, struct skep_program_spec *program,
				     int fd, const char *function);

/*
 * skep_program_spec_section - gives a program the type, attach type, flags and target that this
 * section name would have given it. EINVAL for a name that skep does not know.
 */
int skep_program_spec_section(struct skep_spec *spec, struct skep_program_spec *program,
			      const char *section, struct skep_error *err);

/*
 * skep_map_spec_resize - gives the variables of a section (".bss", ".data.list") another size in
 * all: the array at its end gets as many elements as fit, its global variable and the BTF follow.
 * What is added is zero. EINVAL: no map of variables, its last variable is no array, or @size
 * leaves part of an element.
 */
int skep_map_spec_resize(struct skep_spec *spec, struct skep_map_spec *map, uint32_t size,
			 struct skep_error *err);

/*
 * skep_map_spec_member - where a member of a struct_ops variable lies in its initial value, to be
 * read or changed before loading; *size: its bytes. NULL: ENOENT no such member, EINVAL a function
 * or a bitfield.
 */
void *skep_map_spec_member(const struct skep_spec *spec, const struct skep_map_spec *map,
			   const char *name, size_t *size, struct skep_error *err);

/*
 * skep_map_spec_function - puts a program of the spec into a function pointer of a struct_ops
 * variable; NULL takes out what is there, for a kernel that lacks the member. ENOENT, EINVAL.
 */
int skep_map_spec_function(struct skep_spec *spec, struct skep_map_spec *map, const char *name,
			   const struct skep_program_spec *program, struct skep_error *err);

/*
 * skep_spec_set_global - writes a global variable's initial value: @len bytes in this machine's
 * byte order, exactly the variable's size. In an object of the other order they are turned by the
 * variable's type; ENOTSUP where that has bitfields or unions, or is not known. ENOENT (the message
 * lists near names), EINVAL.
 */
int skep_spec_set_global(struct skep_spec *spec, const char *name, const void *value, size_t len,
			 struct skep_error *err);

/*
 * skep_spec_parse_global - the same from text, by the variable's BTF type: decimal, 0x, octal,
 * negative and character ('x') integers checked against the type's range; true/false/yes/no/1/0
 * for bool; enumerators by name; strings for char arrays (with room for the NUL); floats;
 * comma-separated values for arrays of those. ENOENT, ERANGE (the message says the range),
 * EINVAL (the message says what is allowed), ENOTSUP for a struct.
 */
int skep_spec_parse_global(struct skep_spec *spec, const char *name, const char *text,
			   struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
