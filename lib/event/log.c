// SPDX-License-Identifier: MIT
/* Reading a log: records of the ring become lines. */
#include "event/log_handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "event/ring.h"

static bool find_symbol(struct skep_log *log, uint64_t address, struct skep_kernel_symbol *symbol)
{
	size_t i = 0;

	while (i < log->n_symbols && log->addresses[i] != address)
		i++;
	if (i == log->n_symbols) {
		i = log->n_symbols == SKEP_LOG_SYMBOLS ? 0 : log->n_symbols;
		log->n_symbols = i + 1;
		log->addresses[i] = address;
		if (skep_kernel_symbols(&address, 1, &log->symbols[i], NULL))
			log->symbols[i] = (struct skep_kernel_symbol){ 0 };
	}
	*symbol = log->symbols[i];
	return symbol->name[0];
}

static bool write_symbol(void *ctx, uint64_t address, bool with_offset, struct skep_text *out)
{
	struct skep_kernel_symbol symbol;

	if (!address || !find_symbol(ctx, address, &symbol))
		return false;
	skep_text_str(out, symbol.name);
	if (with_offset)
		skep_text_printf(out, "+0x%llx", (unsigned long long)(address - symbol.address));
	if (symbol.module[0])
		skep_text_printf(out, " [%s]", symbol.module);
	return true;
}

static int deliver(struct skep_log *log, const struct skep_log_site *site,
		   const struct skep_log_header *header, const uint8_t *data)
{
	struct skep_log_value values[SKEP_LOG_MAX_ARGS];
	struct skep_log_record record = { .size = sizeof(record),
					  .level = site->level,
					  .time = header->time,
					  .realtime = header->time + (uint64_t)log->env.realtime,
					  .cpu = header->cpu,
					  .pid = (uint32_t)(header->pid >> 32),
					  .tid = (uint32_t)header->pid,
					  .file = site->file,
					  .line = site->line,
					  .function = site->function,
					  .program = site->program,
					  .format = site->format,
					  .values = values,
					  .n_values = site->n_args };

	skep_log_read_values(site, data, values);
	skep_text_reset(&log->message);
	skep_log_write_message(site->format, values, site->n_args, &log->env, &log->message);
	record.message = skep_text_string(&log->message);
	record.message_len = log->message.len;
	return log->fn(log->fn_ctx, &record);
}

/* What is too short, too long or of no line is counted. */
static int receive(void *ctx, const struct skep_record *r)
{
	struct skep_log *log = ctx;
	const struct skep_log_site *site;
	struct skep_log_header header;

	if (r->len < sizeof(header)) {
		log->damaged++;
		return 0;
	}
	memcpy(&header, r->data, sizeof(header));
	site = skep_log_table_find(&log->table, header.site);
	if (!site || header.bytes != r->len || site->bytes != r->len) {
		log->damaged++;
		return 0;
	}
	return deliver(log, site, &header, r->data);
}

static void set_reader(struct skep_log *log, skep_log_fn fn, void *ctx)
{
	log->fn = fn;
	log->fn_ctx = ctx;
	log->env.realtime = skep_clock_to_realtime(CLOCK_MONOTONIC);
}

int skep_log_consume(struct skep_log *log, size_t max, skep_log_fn fn, void *ctx)
{
	if (!log || !fn)
		return -EINVAL;
	set_reader(log, fn, ctx);
	return skep_ring_consume(log->ring, max, receive, log);
}

int skep_loop_add_log(struct skep_loop *loop, struct skep_log *log, skep_log_fn fn, void *ctx,
		      struct skep_error *err)
{
	if (!loop || !log || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE,
				       !loop ? "loop" :
				       !log  ? "log" :
					       "callback");
	set_reader(log, fn, ctx);
	return skep_loop_add_ring(loop, log->ring, receive, log, err);
}

void skep_log_stats(struct skep_log *log, struct skep_log_stats *stats)
{
	struct skep_log_stats all = { .size = sizeof(all) };
	struct skep_ring_stats ring = { 0 };

	if (!log || !stats || stats->size < sizeof(stats->size))
		return;
	skep_ring_stats(log->ring, &ring);
	all.delivered = ring.delivered - log->damaged;
	all.lost = ring.lost;
	all.damaged = log->damaged;
	all.size = stats->size < sizeof(all) ? stats->size : sizeof(all);
	memcpy(stats, &all, all.size);
}

uint64_t skep_log_lost_on(const struct skep_log *log, uint32_t cpu)
{
	return log ? skep_ring_lost_on(log->ring, cpu) : 0;
}

struct skep_log *skep_log_new(struct skep_error *err)
{
	struct skep_log *log = calloc(1, sizeof(*log));

	if (!log) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	log->env = (struct skep_log_env){ .symbol = write_symbol, .ctx = log };
	return log;
}

struct skep_log *skep_log_start(struct skep_log *log, struct skep_error *err)
{
	log->ring = skep_ringbuf_open(log->ring_map, log->counters, err);
	if (!log->ring) {
		skep_log_close(log);
		return NULL;
	}
	log->ring->map = log->ring_map;
	return log;
}

void skep_log_close(struct skep_log *log)
{
	if (!log)
		return;
	skep_ring_close(log->ring);
	if (log->owns_maps) {
		skep_map_close(log->ring_map);
		skep_map_close(log->counters);
		skep_map_close(log->table_map);
		skep_map_close(log->limit);
	}
	skep_log_table_free(&log->table);
	skep_text_free(&log->message);
	free(log);
}
