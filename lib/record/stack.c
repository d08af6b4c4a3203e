// SPDX-License-Identifier: MIT
#include "record/stack.h"

#include <errno.h>

#include "base/integer.h"
#include "btf/kinds.h"
#include "record/plan.h"
#include "symbol/symbolizer.h"

/* An array of 64-bit addresses, or of struct bpf_stack_build_id, by its size and that of a member.
 */
static int of_array(struct skep_stack_node *stack, const struct skep_btf *btf,
		    const struct btf_array *array)
{
	int64_t each = skep_btf_sizeof(btf, array->type);
	uint32_t id = skep_btf_resolve(btf, array->type);
	const struct btf_type *t = skep_btf_type(btf, id);

	if (!t || each <= 0 || array->nelems > UINT32_MAX / 64)
		return -EINVAL;
	stack->size = (uint32_t)each * array->nelems;
	if (each == 8 && skep_btf_kind(t) == BTF_KIND_INT)
		stack->kept = SKEP_KEPT_ADDRESSES;
	else if (each == sizeof(struct bpf_stack_build_id) && skep_btf_is_composite(t))
		stack->kept = SKEP_KEPT_BUILD_IDS;
	else
		return -EINVAL;
	return 0;
}

int skep_stack_of_type(struct skep_stack_node *stack, const struct skep_btf *btf, uint32_t type_id)
{
	const struct btf_type *t = skep_btf_type(btf, type_id);

	if (t && skep_btf_kind(t) == BTF_KIND_ARRAY)
		return of_array(stack, btf, skep_btf_array(t));
	if (!t || skep_btf_kind(t) != BTF_KIND_INT || (t->size != 4 && t->size != 8))
		return -EINVAL;
	stack->kept = SKEP_KEPT_ID;
	stack->size = t->size;
	return 0;
}

bool skep_stack_beside(const struct skep_btf *btf, uint32_t struct_id, const char *name,
		       uint64_t from, struct skep_beside *beside)
{
	const struct btf_type *t = skep_btf_type(btf, struct_id);
	uint16_t n = t && skep_btf_is_composite(t) ? skep_btf_vlen(t) : 0;

	for (uint16_t i = 0; i < n; i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const struct btf_type *type = skep_btf_type(btf, skep_btf_resolve(btf, m->type));
		uint64_t bit = skep_btf_member_offset(t, m);

		if (strcmp(skep_btf_string(btf, m->name_off) ?: "", name) != 0)
			continue;
		if (!type || skep_btf_kind(type) != BTF_KIND_INT || bit % 8 ||
		    skep_btf_member_width(t, m) || bit / 8 > INT32_MAX || from > INT32_MAX ||
		    (type->size != 4 && type->size != 8))
			return false;
		beside->offset = (int32_t)(bit / 8) - (int32_t)from;
		beside->size = (uint8_t)type->size;
		beside->is_signed = BTF_INT_ENCODING(skep_btf_int(type)) & BTF_INT_SIGNED;
		return true;
	}
	return false;
}

void skep_stack_find_beside(struct skep_stack_node *stack, const struct skep_btf *btf,
			    uint32_t struct_id, const char *name, uint64_t from)
{
	static const char *const ends[] = { "sz", "size" }, *const pids[] = { "tgid", "pid" };
	char other[128];

	for (size_t i = 0; i < 2 && !stack->bytes.size && stack->kept != SKEP_KEPT_ID; i++) {
		snprintf(other, sizeof(other), "%s_%s", name, ends[i]);
		skep_stack_beside(btf, struct_id, other, from, &stack->bytes);
	}
	for (size_t i = 0; i < 2 && !stack->pid.size && !stack->is_kernel; i++)
		skep_stack_beside(btf, struct_id, pids[i], from, &stack->pid);
}

const struct skep_map *skep_stack_find_map(const struct skep_schema_opts *opts, const char *name)
{
	for (size_t i = 0; i < opts->n_stacks; i++)
		if (!name || !strcmp(skep_map_name(opts->stacks[i]), name))
			return opts->stacks[i];
	return NULL;
}

bool skep_beside_read(const struct skep_beside *beside, const uint8_t *at, size_t left,
		      int64_t *number)
{
	uint64_t value;

	/* What lies before is of the same struct, whose beginning is in the record. */
	if (!beside->size || (beside->offset > 0 && ((size_t)beside->offset > left ||
						     beside->size > left - (size_t)beside->offset)))
		return false;
	value = skep_int_load(at + beside->offset, beside->size);
	*number = beside->is_signed ? skep_int_signed(value, beside->size) : (int64_t)value;
	return true;
}

void skep_stack_lock(const struct skep_stack_node *stack)
{
	if (stack->symbolizer)
		pthread_mutex_lock(&stack->symbolizer->lock);
}

void skep_stack_unlock(const struct skep_stack_node *stack)
{
	if (stack->symbolizer)
		pthread_mutex_unlock(&stack->symbolizer->lock);
}

void skep_stack_prepare(const struct skep_stack_node *stack)
{
	const uint64_t nowhere = 0;
	struct skep_frame frame;

	if (!stack->symbolizer || !stack->is_kernel)
		return;
	skep_stack_lock(stack);
	skep_symbolize_kernel(stack->symbolizer, &nowhere, 1, 0, &frame, NULL);
	skep_stack_unlock(stack);
}

static void name_addresses(const struct skep_stack_node *stack, int pid, const uint64_t *addresses,
			   size_t n, struct skep_frame *frames)
{
	for (size_t i = 0; i < n; i++)
		frames[i] = (struct skep_frame){ .address = addresses[i],
						 .is_kernel = stack->is_kernel };
	if (stack->symbolizer && stack->is_kernel)
		skep_symbolize_kernel(stack->symbolizer, addresses, n, SKEP_SYMBOLIZE_STACK, frames,
				      NULL);
	else if (stack->symbolizer && pid)
		skep_symbolize_user(stack->symbolizer, pid, addresses, n, SKEP_SYMBOLIZE_STACK,
				    frames, NULL);
}

static void name_build_ids(const struct skep_stack_node *stack, int pid,
			   const struct bpf_stack_build_id *ids, size_t n,
			   struct skep_frame *frames)
{
	for (size_t i = 0; i < n; i++) {
		frames[i] = (struct skep_frame){ .is_kernel = stack->is_kernel };
		if (ids[i].status == BPF_STACK_BUILD_ID_IP)
			frames[i].address = ids[i].ip;
		else
			frames[i].file_offset = ids[i].offset;
	}
	if (stack->symbolizer)
		skep_symbolize_build_ids(stack->symbolizer, pid, ids, n, SKEP_SYMBOLIZE_STACK,
					 frames, NULL);
}

/* Of kernels without a stack for it, or that had no room, the helper gives an error as the id. */
static int resolve_id(const struct skep_stack_node *stack, int pid, const uint8_t *at,
		      struct skep_frame *frames)
{
	struct bpf_stack_build_id ids[SKEP_STACK_MAX];
	uint64_t addresses[SKEP_STACK_MAX];
	int64_t id = skep_int_signed(skep_int_load(at, stack->size), stack->size);
	int n;

	if (id < 0)
		return id < -4095 ? -EINVAL : (int)id;
	if (!stack->map || id > UINT32_MAX)
		return -ENOENT;
	if (skep_map_stack_has_build_ids(stack->map)) {
		n = skep_map_stack_build_ids(stack->map, (uint32_t)id, ids, SKEP_STACK_MAX, NULL);
		if (n > 0)
			name_build_ids(stack, pid, ids, (size_t)n, frames);
	} else {
		n = skep_map_stack(stack->map, (uint32_t)id, addresses, SKEP_STACK_MAX, NULL);
		if (n > 0)
			name_addresses(stack, pid, addresses, (size_t)n, frames);
	}
	return n;
}

static int resolve_addresses(const struct skep_stack_node *stack, int pid, const uint8_t *at,
			     size_t bytes, struct skep_frame *frames)
{
	uint64_t addresses[SKEP_STACK_MAX];
	size_t n = bytes / sizeof(addresses[0]), kept = 0;

	n = n < SKEP_STACK_MAX ? n : SKEP_STACK_MAX;
	memcpy(addresses, at, n * sizeof(addresses[0]));
	while (kept < n && addresses[kept])
		kept++;
	name_addresses(stack, pid, addresses, kept, frames);
	return (int)kept;
}

static int resolve_build_ids(const struct skep_stack_node *stack, int pid, const uint8_t *at,
			     size_t bytes, struct skep_frame *frames)
{
	struct bpf_stack_build_id ids[SKEP_STACK_MAX];
	size_t n = bytes / sizeof(ids[0]), kept = 0;

	n = n < SKEP_STACK_MAX ? n : SKEP_STACK_MAX;
	memcpy(ids, at, n * sizeof(ids[0]));
	while (kept < n && ids[kept].status != BPF_STACK_BUILD_ID_EMPTY)
		kept++;
	name_build_ids(stack, pid, ids, kept, frames);
	return (int)kept;
}

int skep_stack_resolve(const struct skep_stack_node *stack, const uint8_t *at, size_t left,
		       struct skep_frame *frames)
{
	size_t bytes = stack->size && stack->size < left ? stack->size : left;
	int64_t filled, pid = 0;

	skep_beside_read(&stack->pid, at, left, &pid);
	if (pid < 0 || pid > INT32_MAX)
		pid = 0;
	if (stack->kept == SKEP_KEPT_ID)
		return left < stack->size ? -ENODATA : resolve_id(stack, (int)pid, at, frames);
	if (skep_beside_read(&stack->bytes, at, left, &filled)) {
		filled = stack->bytes.size == 4 ? (int32_t)filled : filled;
		if (filled < 0)
			return filled < -4095 ? -EINVAL : (int)filled;
		bytes = (uint64_t)filled < bytes ? (size_t)filled : bytes;
	}
	return stack->kept == SKEP_KEPT_ADDRESSES ?
		       resolve_addresses(stack, (int)pid, at, bytes, frames) :
		       resolve_build_ids(stack, (int)pid, at, bytes, frames);
}

void skep_stack_node_write(const struct skep_stack_node *stack, const uint8_t *at, size_t left,
			   bool quoted, struct skep_text *out)
{
	struct skep_frame frames[SKEP_STACK_MAX];
	int n;

	skep_stack_lock(stack);
	n = skep_stack_resolve(stack, at, left, frames);
	if (n > 0)
		skep_stack_write(frames, (size_t)n, quoted ? SKEP_STACK_JSON : SKEP_STACK_LINE,
				 out);
	else if (quoted)
		skep_text_str(out, n ? "null" : "[]");
	else
		skep_text_str(out, n ? skep_errno_name(n) : "-");
	skep_stack_unlock(stack);
}

/* Those in arrays are left for when they are written. */
void skep_record_resolve(const struct skep_schema *schema, const void *data, size_t len)
{
	struct skep_frame frames[SKEP_STACK_MAX];
	const struct skep_node *nodes;

	if (!schema || !schema->has_stacks || !data)
		return;
	nodes = schema->nodes.items;
	for (uint32_t i = 0; i < schema->nodes.len;
	     i = nodes[i].kind == SKEP_NODE_ARRAY ? nodes[i].next : i + 1) {
		const struct skep_node *node = &nodes[i];

		if (node->kind != SKEP_NODE_STACK || node->stack->is_kernel ||
		    !skep_node_is_there(node, len))
			continue;
		skep_stack_lock(node->stack);
		skep_stack_resolve(node->stack, (const uint8_t *)data + node->offset,
				   len - node->offset, frames);
		skep_stack_unlock(node->stack);
	}
}
