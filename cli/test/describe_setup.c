// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe_run.h"

#define MAX_PACKET 65536

static int set_global(void *ctx, const char *name, const struct slice *value,
		      struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_global_spec *g = skep_spec_global(r->spec, name);

	if (!g || !g->type_id)
		return described_unknown(r->d, r->spec, value, DESCRIBED_VARIABLE, name, err);
	return describe_read(r->d, value, r->spec->btf, g->type_id,
			     r->spec->maps[g->map]->data + g->offset, g->size, err);
}

int described_set_globals(struct run *r, struct skep_error *err)
{
	return described_each(r, &r->test->globals, set_global, err);
}

int described_element(struct run *r, const struct slice *slice, struct described_element *element,
		      struct skep_error *err)
{
	const struct skep_map_spec *spec = skep_map_spec(r->map);
	struct slice key = { 0 };
	const struct describe_field fields[] = { { "key", &key, true },
						 { "value", &element->value, true } };

	if (!spec->key_type_id || !spec->value_type_id)
		return describe_refuse(r->d, slice, "declare them with __type() in the source", err,
				       "the types of the elements of '%s' are not known",
				       spec->name);
	element->key = calloc(1, spec->key_size + 1ul);
	if (!element->key)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return describe_fields(r->d, slice, fields, 2, err) ?:
		       describe_read(r->d, &key, r->spec->btf, spec->key_type_id, element->key,
				     spec->key_size, err);
}

int described_map(struct run *r, const char *name, const struct slice *value,
		  describe_element_fn fn, struct skep_error *err)
{
	r->map = skep_object_map(r->object, name);
	if (!r->map || skep_map_fd(r->map) < 0)
		return described_unknown(r->d, r->spec, value, DESCRIBED_MAP, name, err);
	return describe_elements(r->d, value, fn, r, err);
}

static int set_element(void *ctx, size_t i, const struct slice *slice, struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_map_spec *spec = skep_map_spec(r->map);
	SKEP_SCOPED(skep_scoped_free) uint8_t *values = NULL;
	size_t n = skep_map_n_values(r->map);
	struct described_element element = { 0 };
	int ret = described_element(r, slice, &element, err);

	(void)i;
	values = calloc(1, skep_map_lookup_size(r->map) + 1);
	if (!ret && !values)
		ret = skep_error_nomem(err, SKEP_STAGE_READ);
	/* On every CPU the same. */
	for (size_t cpu = 0; !ret && cpu < n; cpu++)
		ret = describe_read(r->d, &element.value, r->spec->btf, spec->value_type_id,
				    skep_map_value_at(r->map, values, cpu), spec->value_size, err);
	ret = ret ?: skep_map_update(r->map, element.key, values, 0, err);
	free(element.key);
	return ret;
}

static int set_map(void *ctx, const char *name, const struct slice *value, struct skep_error *err)
{
	return described_map(ctx, name, value, set_element, err);
}

/* The struct that the program's parameter points to. */
static uint32_t context_type(const struct run *r)
{
	const struct skep_function *f = r->spec->functions[skep_program_spec(r->program)->function];
	const struct btf_type *t = skep_btf_type(r->spec->btf, f->type_id);

	t = t ? skep_btf_type(r->spec->btf, t->type) : NULL;
	if (!t || skep_btf_kind(t) != BTF_KIND_FUNC_PROTO || !skep_btf_vlen(t))
		return 0;
	t = skep_btf_type(r->spec->btf, skep_btf_resolve(r->spec->btf, skep_btf_params(t)[0].type));
	return t && skep_btf_kind(t) == BTF_KIND_PTR ? skep_btf_resolve(r->spec->btf, t->type) : 0;
}

static int read_context(struct run *r, struct skep_error *err)
{
	const struct slice *slice = &r->test->context;
	uint32_t type_id = context_type(r);
	int64_t size = type_id ? skep_btf_sizeof(r->spec->btf, type_id) : -EINVAL;
	int ret;

	if (!slice->at)
		return 0;
	if (*slice->at == '"') {
		ret = describe_bytes(r->d, slice, &r->context, &r->how.ctx_in_len, err);
	} else {
		if (size <= 0)
			return describe_refuse(r->d, slice, "give its bytes in hexadecimal", err,
					       "the type of the context is not known");
		r->context = calloc(1, (size_t)size);
		r->how.ctx_in_len = (uint32_t)size;
		ret = r->context ? describe_read(r->d, slice, r->spec->btf, type_id, r->context,
						 (size_t)size, err) :
				   skep_error_nomem(err, SKEP_STAGE_READ);
	}
	r->how.ctx_in = r->context;
	return ret;
}

static int read_input(struct run *r, struct skep_error *err)
{
	if (r->test->packet.at &&
	    describe_bytes(r->d, &r->test->packet, &r->packet, &r->how.data_in_len, err))
		return -EINVAL;
	r->how.data_in = r->packet;
	test_default_packet(skep_program_spec(r->program)->type, &r->how);
	if (r->test->packet_out.at) {
		r->packet_out = calloc(1, MAX_PACKET);
		r->how.data_out = r->packet_out;
		r->how.data_out_len = MAX_PACKET;
	}
	return read_context(r, err);
}

static int keep_record(void *ctx, const struct skep_record *record)
{
	struct described_ring *ring = ctx;

	skep_text_bytes(&ring->bytes, &record->len, sizeof(record->len));
	skep_text_bytes(&ring->bytes, record->data, record->len);
	ring->n++;
	return 0;
}

/* Before the program runs: a perf buffer that nobody has opened keeps nothing. */
static int open_ring(void *ctx, const char *name, const struct slice *value, struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_map *map = skep_object_map(r->object, name);
	struct described_ring *ring;

	if (!map || skep_map_fd(map) < 0)
		return described_unknown(r->d, r->spec, value, DESCRIBED_MAP, name, err);
	ring = skep_vec_push(&r->rings);
	if (!ring)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	ring->expected = *value;
	ring->ring = skep_ring_open(r->object, map, NULL, err);
	if (!ring->ring && test_is_no_channel(err))
		return describe_refuse(r->d, value, NULL, err, "'%s' carries no records", name);
	return ring->ring ? 0 : -EINVAL;
}

int described_set_up(struct run *r, struct skep_error *err)
{
	return read_input(r, err)					    ?:
		       described_each(r, &r->test->maps, set_map, err)	    ?:
		       described_each(r, &r->test->records, open_ring, err) ?:
		       test_log_open(&r->log, r->object, err);
}

void described_drain(struct run *r)
{
	skep_vec_for_each(&r->rings, ring)
		skep_ring_drain(ring->ring, keep_record, ring);
	test_log_drain(&r->log);
}
