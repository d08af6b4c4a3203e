// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe_run.h"

/* A value in its type's form: nothing of a text from outside reaches a terminal as it is. */
static int write_value(struct run *r, const char *before, uint32_t type_id, const void *value,
		       size_t size, struct skep_error *err)
{
	struct skep_schema *schema = skep_schema_new(r->spec->btf, type_id, NULL, err);

	if (!schema)
		return -EINVAL;
	skep_text_str(&r->result->message, before);
	skep_record_write_value(schema, value, size, &r->result->message);
	skep_schema_free(schema);
	return 0;
}

/* Begins a line of what is not as it should be. */
static void write_name(struct run *r, const char *name)
{
	r->result->status = TEST_FAILED;
	skep_text_escaped(&r->result->message, name, strlen(name));
}

/*
 * Compares by reading what is expected over a copy: what is not mentioned stays as it is, and so
 * agrees.
 */
static int compare(struct run *r, const struct slice *expected, uint32_t type_id,
		   const void *actual, size_t size, const char *what, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) void *copy = malloc(size + 1);
	int ret;

	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	memcpy(copy, actual, size);
	if (describe_read(r->d, expected, r->spec->btf, type_id, copy, size, err))
		return -EINVAL;
	r->result->n_checks++;
	if (!memcmp(copy, actual, size))
		return 0;
	write_name(r, what);
	ret = write_value(r, " is ", type_id, actual, size, err) ?:
		      write_value(r, ", not ", type_id, copy, size, err);
	skep_text_char(&r->result->message, '\n');
	return ret;
}

static int check_global(void *ctx, const char *name, const struct slice *value,
			struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_global_spec *g = skep_spec_global(r->spec, name);
	const void *memory = g ? skep_object_global(r->object, name, NULL, err) : NULL;

	if (!g || !g->type_id)
		return described_unknown(r->d, r->spec, value, DESCRIBED_VARIABLE, name, err);
	return memory ? compare(r, value, g->type_id, memory, g->size, name, err) : -EINVAL;
}

/* The value; for a per-CPU map the sum over all CPUs. */
static int look_up(struct run *r, const struct slice *at, const uint8_t *key, uint8_t *value,
		   struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint8_t *values = NULL;

	if (!skep_map_is_percpu(r->map))
		return skep_map_lookup(r->map, key, value, err);
	values = calloc(1, skep_map_lookup_size(r->map));
	if (!values)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return skep_map_lookup(r->map, key, values, err) ?:
							   described_sum(r, at, values, value, err);
}

static int check_element(void *ctx, size_t i, const struct slice *slice, struct skep_error *err)
{
	struct run *r = ctx;
	const struct skep_map_spec *spec = skep_map_spec(r->map);
	SKEP_SCOPED(skep_scoped_free) uint8_t *value = calloc(1, skep_map_lookup_size(r->map) + 1);
	struct described_element element = { 0 };
	char what[160];
	int ret;

	if (!value)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = described_element(r, slice, &element, err) ?:
							   look_up(r, slice, element.key, value, err);
	snprintf(what, sizeof(what), "%s[%zu]", spec->name, i);
	if (!ret) {
		ret = compare(r, &element.value, spec->value_type_id, value, spec->value_size, what,
			      err);
	} else if (ret == -ENOENT) {
		r->result->n_checks++;
		write_name(r, spec->name);
		ret = write_value(r, " has no key ", spec->key_type_id, element.key, spec->key_size,
				  err);
		skep_text_char(&r->result->message, '\n');
	}
	free(element.key);
	return ret;
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
	if (number < INT32_MIN || number > UINT32_MAX)
		return describe_refuse(r->d, &r->test->result, NULL, err,
				       "programs return 32 bits: -2147483648 to 4294967295");
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
		write_name(r, skep_ring_name(ring->ring));
		skep_text_printf(&r->result->message, ": %zu records came, not %zu\n", ring->n,
				 expected);
	}
	return 0;
}

struct patterns {
	const struct description *d;
	struct skep_vec(char *) items;
};

static int add_pattern(void *ctx, size_t i, const struct slice *value, struct skep_error *err)
{
	struct patterns *patterns = ctx;
	char **item = skep_vec_push(&patterns->items);

	(void)i;
	if (!item)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	*item = NULL;
	return describe_string(patterns->d, value, item, err);
}

static int check_log(struct run *r, struct skep_error *err)
{
	struct patterns wanted = { .d = r->d };
	int ret;

	if (!r->test->log.at)
		return 0;
	ret = describe_elements(r->d, &r->test->log, add_pattern, &wanted, err);
	if (!ret)
		test_log_check(&r->log, (const char *const *)wanted.items.items, wanted.items.len,
			       r->result);
	skep_vec_for_each(&wanted.items, item)
		free(*item);
	skep_vec_free(&wanted.items);
	return ret;
}

int described_check(struct run *r, struct skep_error *err)
{
	return check_return(r, err)						   ?:
		       check_packet(r, err)					   ?:
		       described_each(r, &r->test->globals_out, check_global, err) ?:
		       described_each(r, &r->test->maps_out, check_map, err)	   ?:
		       check_rings(r, err)					   ?:
		       check_log(r, err);
}
