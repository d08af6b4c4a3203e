// SPDX-License-Identifier: MIT
#include "event/perfbuf_read.h"

#include <linux/perf_event.h>
#include <string.h>

/* @len bytes at a position, as one run. Lengths come from a 16-bit field, so the scratch holds. */
static const uint8_t *run(const struct skep_perfbuf_memory *m, uint64_t at, uint32_t len)
{
	uint64_t offset = at & (m->size - 1);
	uint64_t first = m->size - offset;

	if (len <= first)
		return m->data + offset;
	memcpy(m->scratch, m->data + offset, first);
	memcpy(m->scratch + first, m->data, len - first);
	return m->scratch;
}

/* PERF_SAMPLE_RAW: a length and so many bytes. */
static void read_sample(const uint8_t *body, uint32_t len, struct skep_perfbuf_entry *entry)
{
	uint32_t raw;

	if (len < sizeof(raw))
		return;
	memcpy(&raw, body, sizeof(raw));
	entry->data = body + sizeof(raw);
	entry->len = raw <= len - sizeof(raw) ? raw : len - (uint32_t)sizeof(raw);
}

/* PERF_RECORD_LOST: an id, then how many. */
static void read_lost(const uint8_t *body, uint32_t len, struct skep_perfbuf_entry *entry)
{
	if (len >= 16)
		memcpy(&entry->lost, body + 8, sizeof(entry->lost));
}

uint64_t skep_perfbuf_entry(const struct skep_perfbuf_memory *m, uint64_t tail, uint64_t head,
			    struct skep_perfbuf_entry *entry)
{
	struct perf_event_header header;
	const uint8_t *record;

	*entry = (struct skep_perfbuf_entry){ 0 };
	if (head - tail < sizeof(header) || head - tail > m->size)
		return 0;
	memcpy(&header, run(m, tail, sizeof(header)), sizeof(header));
	if (header.size < sizeof(header) || header.size > head - tail)
		return 0;
	record = run(m, tail, header.size);
	if (header.type == PERF_RECORD_SAMPLE)
		read_sample(record + sizeof(header), header.size - (uint32_t)sizeof(header), entry);
	else if (header.type == PERF_RECORD_LOST)
		read_lost(record + sizeof(header), header.size - (uint32_t)sizeof(header), entry);
	return header.size;
}
