// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe_run.h"

/*
 * Compares by reading what is expected over a copy: what is not mentioned stays as it is, and so
 * agrees.
 */
static int compare(struct run *r, const struct slice *expected, uint32_t type_id,
		   const void *actual, size_t size, const char *what, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) void *copy = malloc(size + 1);
	struct skep_text *message = &r->result->message;
	struct skep_schema *schema;

	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	memcpy(copy, actual, size);
	if (describe_read(r->d, expected, r->spec->btf, type_id, copy, size, err))
		return -EINVAL;
	r->result->n_checks++;
	if (!memcmp(copy, actual, size))
		return 0;
	schema = skep_schema_new(r->spec->btf, type_id, NULL, err);
	if (!schema)
		return -EINVAL;
	r->result->status = TEST_FAILED;
	skep_text_printf(message, "%s is ", what);
	skep_record_write_value(schema, actual, size, message);
	skep_text_lit(message, ", not ");
	skep_text_bytes(message, expected->at, expected->len);
	skep_text_char(message, '\n');
	skep_schema_free(schema);
	return 0;
}

static int check_global(void *ctx, const char *name, const struct slice *value,
			struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_global_spec *g = skep_spec_global(r->spec, name);
	const void *memory = g ? skep_object_global(r->object, name, NULL, err) : NULL;

	if (!g || !g->type_id)
		return described_unknown(r, value, "variable", name, err);
	return memory ? compare(r, value, g->type_id, memory, g->size, name, err) : -EINVAL;
}

/* The value; for a per-CPU map the sum over all CPUs, if it is made of 64-bit numbers. */
static int look_up(struct run *r, const uint8_t *key, uint8_t *value, struct skep_error *err)
{
	uint32_t size = skep_map_value_size(r->map);

	if (!skep_map_is_percpu(r->map))
		return skep_map_lookup(r->map, key, value, err);
	return skep_map_sum(r->map, key, (uint64_t *)value, size / 8, err);
}

static int check_element(void *ctx, size_t i, const struct slice *slice, struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_map_spec *spec = skep_map_spec(r->map);
	SKEP_SCOPED(skep_scoped_free) uint8_t *value = calloc(1, skep_map_lookup_size(r->map) + 8);
	struct described_element element = { 0 };
	char what[160];
	int ret = value ? described_element(r, slice, &element, err) :
			  skep_error_nomem(err, SKEP_STAGE_READ);

	if (!ret)
		ret = look_up(r, element.key, value, err);
	free(element.key);
	snprintf(what, sizeof(what), "%s[%zu]", spec->name, i);
	if (ret != -ENOENT)
		return ret   ?:
			       compare(r, &element.value, spec->value_type_id, value,
				       spec->value_size, what, err);
	r->result->n_checks++;
	r->result->status = TEST_FAILED;
	skep_text_printf(&r->result->message, "%s has no such key: %.*s\n", spec->name,
			 (int)slice->len, slice->at);
	return 0;
}

static int check_map(void *ctx, const char *name, const struct slice *value, struct skep_error *err)
{
	return described_map(ctx, name, value, check_element, err);
}

static int check_return(struct run *r, struct skep_error *err)
{
	int64_t number;

	if (!r->test->result.at)
		return 0;
	if (describe_number(r->d, &r->test->result, r->spec->btf, &number, err))
		return -EINVAL;
	r->result->n_checks++;
	if ((uint32_t)number == r->how.retval)
		return 0;
	r->result->status = TEST_FAILED;
	skep_text_printf(&r->result->message, "it returned %d, not %.*s\n", (int)r->how.retval,
			 (int)r->test->result.len, r->test->result.at);
	return 0;
}

static int check_packet(struct run *r, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint8_t *expected = NULL;
	uint32_t len = 0, at = 0;

	if (!r->test->packet_out.at)
		return 0;
	if (describe_bytes(r->d, &r->test->packet_out, &expected, &len, err))
		return -EINVAL;
	r->result->n_checks++;
	while (at < len && at < r->how.data_out_len && expected[at] == r->packet_out[at])
		at++;
	if (at == len && len == r->how.data_out_len)
		return 0;
	r->result->status = TEST_FAILED;
	skep_text_printf(&r->result->message,
			 "the packet of %u bytes is another from byte %u on than the %u expected: ",
			 r->how.data_out_len, at, len);
	skep_record_write_hex(r->packet_out, r->how.data_out_len, false, &r->result->message);
	skep_text_char(&r->result->message, '\n');
	return 0;
}

/* The @i-th record; NULL when fewer came. */
static const void *record_at(const struct described_ring *ring, size_t i, uint32_t *len)
{
	const char *at = ring->bytes.data;

	if (i >= ring->n)
		return NULL;
	for (memcpy(len, at, sizeof(*len)); i--; memcpy(len, at, sizeof(*len)))
		at += sizeof(*len) + *len;
	return at + sizeof(*len);
}

static int check_record(void *ctx, size_t i, const struct slice *value, struct skep_error *err)
{
	struct run *r = ctx;
	uint32_t len = 0;
	const void *record = record_at(r->ring, i, &len);
	char what[160];

	if (!record)
		return 0; /* their number is told by itself */
	snprintf(what, sizeof(what), "record %zu of %s", i, skep_ring_name(r->ring->ring));
	return compare(r, value, skep_ring_type_id(r->ring->ring), record, len, what, err);
}

static int count(void *ctx, size_t i, const struct slice *value, struct skep_error *err)
{
	(void)value;
	(void)err;
	*(size_t *)ctx = i + 1;
	return 0;
}

static int check_rings(struct run *r, struct skep_error *err)
{
	skep_vec_for_each(&r->rings, ring) {
		size_t expected = 0;
		int ret;

		r->ring = ring;
		ret = describe_elements(r->d, &ring->expected, count, &expected, err) ?:
			      describe_elements(r->d, &ring->expected, check_record, r, err);
		if (ret)
			return ret;
		r->result->n_checks++;
		if (ring->n == expected)
			continue;
		r->result->status = TEST_FAILED;
		skep_text_printf(&r->result->message, "%s: %zu records came, not %zu\n",
				 skep_ring_name(ring->ring), ring->n, expected);
	}
	return 0;
}

int described_check(struct run *r, struct skep_error *err)
{
	return check_return(r, err)						   ?:
		       check_packet(r, err)					   ?:
		       described_each(r, &r->test->globals_out, check_global, err) ?:
		       described_each(r, &r->test->maps_out, check_map, err)	   ?:
		       check_rings(r, err);
}
