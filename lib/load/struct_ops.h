/* SPDX-License-Identifier: MIT */
/*
 * A struct_ops variable as the running kernel wants it: its own struct's size, order and members,
 * inside the value type that the kernel has for it.
 */
#ifndef SKEP_LOAD_STRUCT_OPS_H
#define SKEP_LOAD_STRUCT_OPS_H

#include "load/hook.h"
#include "load/object.h"

/* A function pointer of the kernel's struct. */
struct skep_ops_call {
	uint32_t offset;  /* in the kernel's struct */
	uint32_t member;  /* its index there, which is what programs are loaded for */
	uint32_t program; /* index in the spec's programs */
};

struct skep_ops {
	uint32_t struct_id; /* the kernel's struct, in the BTF of the kernel or of a module */
	uint32_t value_id;  /* the value type around it */
	int btf_fd;	    /* of the module's BTF, not owned; 0: the kernel proper */
	uint8_t *value;	    /* as the kernel takes it, but for the programs */
	uint32_t value_size;
	uint32_t data_offset; /* of the struct in the value */
	struct skep_ops_call *calls;
	size_t n_calls;
	bool is_filled; /* the kernel has the value */
};

struct skep_ops_conversion {
	const struct skep_btf *from, *to;
	const struct skep_map_spec *map; /* the variable, whose type is in @from */
	uint32_t to_id;			 /* the struct in @to */
	uint8_t *out;			 /* zeros, to be filled */
	size_t out_size;
	struct skep_ops_call *calls; /* with room for map->n_ops */
	size_t n_calls;

	/* the conversion's own */
	const char *type;
	uint32_t steps;
	struct skep_error *err;
};

/*
 * load/struct_ops_value.c: copies the variable's data member by member by name, and lists its
 * functions. What the target lacks must be zero, or ENOENT; what is there in another form must have
 * the same value in it, or EINVAL.
 */
int skep_ops_convert(struct skep_ops_conversion *c, struct skep_error *err);

/* Finds the kernel's types for the map and makes its value: into map->ops. */
int skep_ops_prepare(struct skep_map *map, struct skep_error *err);
void skep_ops_free(struct skep_ops *ops);

/* Whether any table of the spec that will be created needs the kernel's BTF. */
bool skep_spec_needs_ops(const struct skep_spec *spec);

/* The kernel's type that a table is looked up by; false for another map, or one left out. */
bool skep_ops_value_name(const struct skep_spec *spec, const struct skep_map_spec *map,
			 char out[SKEP_MAX_HOOK_NAME]);

/* Whether a struct_ops program is named only by tables that were switched off. */
bool skep_ops_leave_out(const struct skep_object *object, const struct skep_program *program);

/* The struct and the member that the program is for. */
int skep_ops_find_hook(const struct skep_program *program, struct skep_hook *hook,
		       struct skep_error *err);

/*
 * Gives the kernel the value with all programs in it, if it does not have it: without a bpf_link
 * this registers it. @map is a struct_ops map of an object.
 */
int skep_ops_fill(struct skep_map *map, struct skep_error *err);

/* Says why the kernel did not register it. Returns the errno that the caller passes on. */
int skep_ops_explain(const struct skep_map *map, int code, struct skep_error *err);

#endif
