// SPDX-License-Identifier: MIT
/* What of recordings both who writes and who reads them need, and what sources are. */
#include "stream/recording_parts.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* More clocks than a type can have members. */
#define MAX_CLOCKS 4096

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15ull;
	return sum ^ sum >> 29;
}

uint64_t skep_recording_sum(uint32_t kind, const void *data, uint64_t len)
{
	const uint8_t *bytes = data;
	uint64_t sum = mix(kind, len), word;

	for (; len >= sizeof(word); len -= sizeof(word), bytes += sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = mix(sum, le64toh(word));
	}
	if (len) {
		word = 0;
		memcpy(&word, bytes, len);
		sum = mix(sum, le64toh(word));
	}
	return sum;
}

/* How records read; false: the types are damaged, though their sum is right. */
static bool make_schema(struct skep_recording_source *source,
			const struct skep_recording_source_head *head, const uint8_t *clocks,
			const uint8_t *types)
{
	const struct skep_btf_opts btf_opts = { sizeof(btf_opts), NULL, source->name };
	struct skep_schema_opts opts = { .size = sizeof(opts), .keep_types = true };
	SKEP_SCOPED(skep_scoped_free) int64_t *own = calloc(head->n_clocks + 1, sizeof(*own));
	struct skep_btf *btf;

	if (!head->type_id || !own)
		return own;
	for (uint32_t i = 0; i < head->n_clocks; i++) {
		memcpy(&own[i], clocks + i * sizeof(*own), sizeof(*own));
		own[i] = (int64_t)le64toh((uint64_t)own[i]);
	}
	opts.clocks = own;
	opts.n_clocks = head->n_clocks;
	btf = skep_btf_new(types, head->types_len, &btf_opts, NULL);
	if (btf && !skep_btf_check(btf, NULL))
		source->schema = skep_schema_new(btf, head->type_id, &opts, NULL);
	skep_btf_free(btf);
	return source->schema;
}

bool skep_recording_take_source(struct skep_recording_source *sources, const uint8_t *data,
				size_t len, uint32_t *index)
{
	struct skep_recording_source_head head;
	struct skep_recording_source *source;
	const uint8_t *name = data + sizeof(head);
	uint64_t clocks;

	if (len < sizeof(head))
		return false;
	memcpy(&head, data, sizeof(head));
	head.index = le32toh(head.index);
	head.type_id = le32toh(head.type_id);
	head.name_len = le32toh(head.name_len);
	head.n_clocks = le32toh(head.n_clocks);
	head.types_len = le32toh(head.types_len);
	clocks = (uint64_t)head.n_clocks * sizeof(uint64_t);
	if (head.index >= SKEP_RECORDING_SOURCES || head.n_clocks > MAX_CLOCKS ||
	    sizeof(head) + clocks + head.name_len + head.types_len > len)
		return false;
	source = &sources[head.index];
	*index = head.index;
	if (source->name)
		return !strncmp(source->name, (const char *)name, head.name_len) &&
		       strlen(source->name) == head.name_len;
	source->name = strndup((const char *)name, head.name_len);
	if (!source->name)
		return false;
	source->is_text = head.is_text;
	return make_schema(source, &head, name + head.name_len, name + head.name_len + clocks);
}
