// SPDX-License-Identifier: MIT
#include "load/btf_ctx.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/uapi.h"
#include "base/vec.h"
#include "btf/btf.h"
#include "load/btf_extend.h"

/* The verifier takes as many arguments of a function. */
#define MAX_ARGS 5

/* The names of the contexts (include/linux/bpf_types.h in the kernel). */
static const struct {
	uint32_t type;
	const char *name;
} contexts[] = {
	{ BPF_PROG_TYPE_SOCKET_FILTER, "__sk_buff" },
	{ BPF_PROG_TYPE_SCHED_CLS, "__sk_buff" },
	{ BPF_PROG_TYPE_SCHED_ACT, "__sk_buff" },
	{ BPF_PROG_TYPE_CGROUP_SKB, "__sk_buff" },
	{ BPF_PROG_TYPE_LWT_IN, "__sk_buff" },
	{ BPF_PROG_TYPE_LWT_OUT, "__sk_buff" },
	{ BPF_PROG_TYPE_LWT_XMIT, "__sk_buff" },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL, "__sk_buff" },
	{ BPF_PROG_TYPE_SK_SKB, "__sk_buff" },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, "__sk_buff" },
	{ BPF_PROG_TYPE_XDP, "xdp_md" },
	{ BPF_PROG_TYPE_CGROUP_SOCK, "bpf_sock" },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "bpf_sock_addr" },
	{ BPF_PROG_TYPE_CGROUP_DEVICE, "bpf_cgroup_dev_ctx" },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL, "bpf_sysctl" },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT, "bpf_sockopt" },
	{ BPF_PROG_TYPE_SOCK_OPS, "bpf_sock_ops" },
	{ BPF_PROG_TYPE_SK_MSG, "sk_msg_md" },
	{ BPF_PROG_TYPE_SK_LOOKUP, "bpf_sk_lookup" },
	{ BPF_PROG_TYPE_SK_REUSEPORT, "sk_reuseport_md" },
	{ BPF_PROG_TYPE_KPROBE, "bpf_user_pt_regs_t" },
	{ BPF_PROG_TYPE_PERF_EVENT, "bpf_perf_event_data" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, "bpf_raw_tracepoint_args" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, "bpf_raw_tracepoint_args" },
	{ SKEP_PROG_TYPE_NETFILTER, "bpf_nf_ctx" },
};

static const char *context_of(uint32_t type)
{
	for (size_t i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++)
		if (contexts[i].type == type)
			return contexts[i].name;
	return NULL;
}

static size_t name_index(const struct skep_btf_ctx *ctx, const char *name)
{
	size_t i = 0;

	while (i < ctx->n_names && strcmp(ctx->names[i], name))
		i++;
	return i;
}

static void list_names(struct skep_btf_ctx *ctx, const struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_programs; i++) {
		const char *name = context_of(spec->programs[i]->type);

		if (name && name_index(ctx, name) == ctx->n_names &&
		    ctx->n_names < SKEP_MAX_CTX_NAMES)
			ctx->names[ctx->n_names++] = name;
	}
}

/* What a BTF is made longer by. */
struct adding {
	struct skep_btf_ctx *ctx;
	struct btf_type **types; /* by id */
	uint32_t count;
	uint8_t *tagged; /* by id of a function: a bit for each tagged argument */
	const char *strings;
	struct skep_vec(uint32_t) words; /* of the new types */
	uint32_t n_new;
};

static uint32_t info(uint32_t kind, uint32_t vlen)
{
	return kind << 24 | vlen;
}

static int add_words(struct adding *a, const uint32_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t *word = skep_vec_push(&a->words);

		if (!word)
			return -1;
		*word = words[i];
	}
	return 0;
}

/* Returns the new type's id, 0 without memory. */
static uint32_t add_type(struct adding *a, uint32_t name, uint32_t kind, uint32_t vlen,
			 uint32_t size_or_type)
{
	const uint32_t words[] = { name, info(kind, vlen), size_or_type };

	return add_words(a, words, 3) ? 0 : a->count + a->n_new++;
}

/* The function's prototype, or NULL for what cannot be called with a context. */
static const struct btf_type *prototype_of(const struct adding *a, uint32_t id)
{
	const struct btf_type *t = id < a->count ? a->types[id] : NULL, *proto;

	if (!t || skep_btf_kind(t) != BTF_KIND_FUNC || skep_btf_vlen(t) != BTF_FUNC_GLOBAL)
		return NULL;
	proto = t->type < a->count ? a->types[t->type] : NULL;
	if (!proto || skep_btf_kind(proto) != BTF_KIND_FUNC_PROTO ||
	    skep_btf_vlen(proto) > MAX_ARGS)
		return NULL;
	return proto;
}

static void find_tags(struct adding *a, uint32_t str_len)
{
	for (uint32_t id = 1; id < a->count; id++) {
		const struct btf_type *t = a->types[id], *proto;
		int32_t arg;

		if (!t || skep_btf_kind(t) != BTF_KIND_DECL_TAG || t->name_off >= str_len ||
		    strcmp(a->strings + t->name_off, "arg:ctx"))
			continue;
		proto = prototype_of(a, t->type);
		arg = ((const struct btf_decl_tag *)(t + 1))->component_idx;
		if (proto && arg >= 0 && arg < skep_btf_vlen(proto))
			a->tagged[t->type] |= (uint8_t)(1 << arg);
	}
}

static int list_functions(struct adding *a)
{
	struct skep_btf_ctx *ctx = a->ctx;

	for (uint32_t id = 1; id < a->count; id++)
		ctx->n_functions += a->tagged[id] != 0;
	if (!ctx->n_functions)
		return 0;
	ctx->functions = calloc(ctx->n_functions, sizeof(*ctx->functions));
	if (!ctx->functions)
		return -1;
	for (uint32_t id = 1, n = 0; id < a->count; id++)
		if (a->tagged[id])
			ctx->functions[n++] = id;
	return 0;
}

/* The prototype and the function, with pointers to a context for what is tagged. */
static int add_function(struct adding *a, uint32_t id, uint32_t pointer)
{
	const struct btf_type *func = a->types[id], *proto = prototype_of(a, id);
	const struct btf_param *params = skep_btf_params(proto);
	uint32_t proto_id = add_type(a, 0, BTF_KIND_FUNC_PROTO, skep_btf_vlen(proto), proto->type);

	for (uint16_t i = 0; proto_id && i < skep_btf_vlen(proto); i++) {
		const uint32_t words[] = { params[i].name_off,
					   a->tagged[id] & 1 << i ? pointer : params[i].type };

		if (add_words(a, words, 2))
			return -1;
	}
	return proto_id && add_type(a, func->name_off, BTF_KIND_FUNC, BTF_FUNC_GLOBAL, proto_id) ?
		       0 :
		       -1;
}

/* A struct and a pointer to it, then two types for each function: skep_btf_ctx_function(). */
static int add_context(struct adding *a, uint32_t name)
{
	uint32_t context = add_type(a, name, BTF_KIND_STRUCT, 0, 0);
	uint32_t pointer = context ? add_type(a, 0, BTF_KIND_PTR, 0, context) : 0;

	for (size_t i = 0; pointer && i < a->ctx->n_functions; i++)
		if (add_function(a, a->ctx->functions[i], pointer))
			return -1;
	return pointer ? 0 : -1;
}

static void *add_all(struct adding *a, void *data, size_t *len)
{
	const struct btf_header *h = data;
	char names[SKEP_MAX_CTX_NAMES * 32];
	size_t used = 0;

	a->ctx->first_id = a->count;
	for (size_t i = 0; i < a->ctx->n_names; i++) {
		size_t size = strlen(a->ctx->names[i]) + 1;

		if (add_context(a, h->str_len + (uint32_t)used))
			return NULL;
		memcpy(names + used, a->ctx->names[i], size);
		used += size;
	}
	return skep_btf_extend(data, len, a->words.items, a->words.len * sizeof(*a->words.items),
			       names, used);
}

static int list_types(struct adding *a, void *data, size_t len)
{
	struct btf_type *t;
	size_t at = 0;

	for (a->count = 1; skep_btf_next_type(data, len, &at); a->count++)
		;
	a->types = calloc(a->count, sizeof(*a->types));
	a->tagged = calloc(a->count, 1);
	if (!a->types || !a->tagged)
		return -1;
	at = 0;
	for (uint32_t id = 1; id < a->count && (t = skep_btf_next_type(data, len, &at)); id++)
		a->types[id] = t;
	return 0;
}

static bool has_tags(const struct skep_spec *spec)
{
	uint32_t count = skep_btf_count(spec->btf);

	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *t = skep_btf_type(spec->btf, id);

		if (t && skep_btf_kind(t) == BTF_KIND_DECL_TAG &&
		    !strcmp(skep_btf_string(spec->btf, t->name_off) ?: "", "arg:ctx"))
			return true;
	}
	return false;
}

void *skep_btf_add_ctx(struct skep_btf_ctx *ctx, const struct skep_spec *spec, void *data,
		       size_t *len)
{
	const struct btf_header *h = data;
	struct adding a = { .ctx = ctx };
	void *longer = NULL;
	int ret;

	*ctx = (struct skep_btf_ctx){ 0 };
	list_names(ctx, spec);
	if (!ctx->n_names || !has_tags(spec))
		return data;
	a.strings = (const char *)data + h->hdr_len + h->str_off;
	ret = list_types(&a, data, *len);
	if (!ret) {
		find_tags(&a, h->str_len);
		ret = list_functions(&a);
	}
	if (!ret)
		longer = ctx->n_functions ? add_all(&a, data, len) : data;
	free(a.types);
	free(a.tagged);
	skep_vec_free(&a.words);
	if (longer != data)
		free(data);
	return longer;
}

void skep_btf_ctx_free(struct skep_btf_ctx *ctx)
{
	free(ctx->functions);
	*ctx = (struct skep_btf_ctx){ 0 };
}

static int by_id(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

uint32_t skep_btf_ctx_function(const struct skep_btf_ctx *ctx, uint32_t program_type,
			       uint32_t function)
{
	const char *name = context_of(program_type);
	size_t k = name ? name_index(ctx, name) : ctx->n_names;
	const uint32_t *found = NULL;

	if (ctx->functions && k < ctx->n_names)
		found = bsearch(&function, ctx->functions, ctx->n_functions, sizeof(function),
				by_id);
	if (!found)
		return function;
	return ctx->first_id + (uint32_t)(k * (2 + 2 * ctx->n_functions)) + 2 +
	       2 * (uint32_t)(found - ctx->functions) + 1;
}
