// SPDX-License-Identifier: MIT
/* The type of a sampler's records, {key, value}, as BTF that continues the map's. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/kinds.h"
#include "load/object.h"
#include "map/map.h"
#include "sample/sampler.h"

#define MAX_VALUE (64u << 20)

struct writer {
	const struct skep_btf *base;
	struct skep_text types, strings;
	uint32_t strings_at, next;
};

static void put32(struct skep_text *out, uint32_t value)
{
	skep_text_bytes(out, &value, sizeof(value));
}

static uint32_t put_name(struct writer *w, const char *name)
{
	uint32_t at = w->strings_at + (uint32_t)w->strings.len;

	skep_text_bytes(&w->strings, name, strlen(name) + 1);
	return at;
}

static uint32_t put_int(struct writer *w, const char *name, uint32_t size)
{
	put32(&w->types, put_name(w, name));
	put32(&w->types, (uint32_t)BTF_KIND_INT << 24);
	put32(&w->types, size);
	put32(&w->types, size * 8);
	return w->next++;
}

/* Bytes of which nothing is known. */
static uint32_t put_bytes(struct writer *w, uint32_t byte, uint32_t n)
{
	put32(&w->types, 0);
	put32(&w->types, (uint32_t)BTF_KIND_ARRAY << 24);
	put32(&w->types, 0);
	put32(&w->types, byte);
	put32(&w->types, byte);
	put32(&w->types, n);
	return w->next++;
}

struct member {
	const char *name;
	uint32_t type, offset;
};

static uint32_t put_struct(struct writer *w, const char *name, uint32_t size,
			   const struct member *members, uint32_t n)
{
	put32(&w->types, put_name(w, name));
	put32(&w->types, (uint32_t)BTF_KIND_STRUCT << 24 | n);
	put32(&w->types, size);
	for (uint32_t i = 0; i < n; i++) {
		put32(&w->types, put_name(w, members[i].name));
		put32(&w->types, members[i].type);
		put32(&w->types, members[i].offset * 8);
	}
	return w->next++;
}

/* Header, types and strings as one, in @raw, which the BTF needs as long as it is there. */
static struct skep_btf *finish(struct writer *w, const char *name, struct skep_text *raw,
			       struct skep_error *err)
{
	const struct skep_btf_opts opts = { sizeof(opts), w->base, name };
	struct btf_header header = { .magic = BTF_MAGIC,
				     .version = BTF_VERSION,
				     .hdr_len = sizeof(header),
				     .type_len = (uint32_t)w->types.len,
				     .str_off = (uint32_t)w->types.len,
				     .str_len = (uint32_t)w->strings.len };

	skep_text_bytes(raw, &header, sizeof(header));
	skep_text_bytes(raw, w->types.data, w->types.len);
	skep_text_bytes(raw, w->strings.data, w->strings.len);
	if (raw->failed || w->types.failed || w->strings.failed) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	return skep_btf_new(raw->data, raw->len, &opts, err);
}

static void begin(struct writer *w, const struct skep_btf *base)
{
	struct btf_header header = { 0 };
	const void *data = NULL;
	size_t len = 0;

	*w = (struct writer){ .base = base, .next = base ? skep_btf_count(base) : 1 };
	if (base)
		data = skep_btf_data(base, &len);
	if (data && len >= sizeof(header))
		memcpy(&header, data, sizeof(header));
	w->strings_at = header.str_len;
	/* The first string of all is empty. */
	if (!base)
		skep_text_char(&w->strings, '\0');
}

/* 0: it is not known, or is not what the map has. */
static uint32_t type_of(const struct skep_btf *btf, uint32_t id, uint32_t size)
{
	return btf && id && skep_btf_sizeof(btf, id) == size ? id : 0;
}

static size_t align8(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static uint32_t put_record(struct skep_sampler *s, struct writer *w, uint32_t key, uint32_t value)
{
	uint32_t key_size = s->map->key_size, n = 0;
	uint32_t byte = put_int(w, "unsigned char", 1), number = put_int(w, "unsigned int", 4);
	struct member members[3];

	if (key_size)
		members[n++] = (struct member){ "key", key ?: put_bytes(w, byte, key_size), 0 };
	s->cpu_at = s->value_at = align8(key_size);
	if (s->opts.each_cpu && s->n_values > 1) {
		members[n++] = (struct member){ "cpu", number, (uint32_t)s->cpu_at };
		s->value_at += 8;
	}
	members[n++] = (struct member){ "value", value ?: put_bytes(w, byte, s->map->value_size),
					(uint32_t)s->value_at };
	s->record_size = s->value_at + s->map->value_size;
	return put_struct(w, skep_map_name(s->map), (uint32_t)s->record_size, members, n);
}

static const struct skep_btf *types_of(const struct skep_sampler *s, uint32_t *key, uint32_t *value)
{
	const struct skep_btf *btf = s->opts.btf;

	*key = s->opts.key_type_id;
	*value = s->opts.value_type_id;
	if (!btf && s->map->object && s->map->spec) {
		btf = skep_object_spec(s->map->object)->btf;
		*key = s->map->spec->key_type_id;
		*value = s->map->spec->value_type_id;
	}
	if (btf && skep_btf_is_foreign(btf))
		btf = NULL;
	*key = type_of(btf, *key, s->map->key_size);
	*value = type_of(btf, *value, s->map->value_size);
	return btf;
}

int skep_sampler_find_types(struct skep_sampler *s, struct skep_error *err)
{
	const struct skep_schema_opts opts = { .size = sizeof(opts),
					       .symbolizer = s->opts.symbolizer,
					       .stacks = s->opts.stacks,
					       .n_stacks = s->opts.n_stacks,
					       .keep_types = true };
	SKEP_SCOPED(skep_text_free) struct skep_text raw = { 0 };
	uint32_t key, value, id;
	const struct skep_btf *base = types_of(s, &key, &value);
	struct skep_btf *btf;
	struct writer w;

	if (s->map->key_size > MAX_VALUE || s->map->value_size > MAX_VALUE)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, E2BIG,
				      "its keys or values are larger than 64 MiB");
	begin(&w, base);
	id = put_record(s, &w, key, value);
	btf = finish(&w, skep_map_name(s->map), &raw, err);
	skep_text_free(&w.types);
	skep_text_free(&w.strings);
	if (!btf)
		return -EINVAL;
	s->schema = skep_schema_new(btf, id, &opts, err);
	if (s->schema && value)
		s->value = skep_schema_new(base, value, NULL, err);
	skep_btf_free(btf);
	return s->schema && (s->value || !value) ? 0 : -EINVAL;
}
