// SPDX-License-Identifier: MIT
/* The table of lines that log, and a record's values by it. */
#include "event/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Descriptions are aligned; what is between them is zero. */
#define ALIGN 8

static int damaged(size_t offset, const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
			      "the table of log lines is damaged at byte %zu: %s", offset, what);
}

/* Bytes that an argument takes in a record. */
static uint32_t slot_of(const struct skep_log_arg *arg)
{
	return ((arg->size + 7u) & ~7u) + (arg->kind >= SKEP_LOG_STRING_READ ? 8 : 0);
}

static bool args_fit(const struct skep_log_site *site)
{
	uint32_t bytes = sizeof(struct skep_log_header);

	for (size_t i = 0; i < site->n_args; i++) {
		const struct skep_log_arg *arg = &site->args[i];

		if (arg->kind < SKEP_LOG_INT || arg->kind > SKEP_LOG_BYTES_READ)
			return false;
		if (arg->kind <= SKEP_LOG_ADDRESS && arg->size != 8)
			return false;
		bytes += slot_of(arg);
	}
	return bytes == site->bytes;
}

/* The two texts at the end, each ended by NUL. */
static bool read_texts(struct skep_log_site *site, const char *text, size_t len)
{
	const char *end = memchr(text, '\0', len);

	site->format = text;
	if (!end)
		return false;
	site->file = end + 1;
	return memchr(site->file, '\0', len - (size_t)(site->file - text));
}

static int read_site(struct skep_log_table *table, size_t offset, size_t left, size_t *size,
		     struct skep_error *err)
{
	struct skep_log_site_head head;
	struct skep_log_site site = { .offset = (uint32_t)offset };
	struct skep_log_site *slot;
	const uint8_t *rest = table->data + offset + sizeof(head);
	size_t args_len;

	if (left < sizeof(head))
		return damaged(offset, "it ends there", err);
	memcpy(&head, table->data + offset, sizeof(head));
	args_len = head.n_args * sizeof(struct skep_log_arg);
	if (head.magic != SKEP_LOG_MAGIC)
		return damaged(offset, "no line begins there", err);
	if (head.size > left || head.size < sizeof(head) + args_len + SKEP_LOG_FUNCTION + 2)
		return damaged(offset, "the length cannot be", err);
	if (head.n_args > SKEP_LOG_MAX_ARGS || head.level < SKEP_LOG_ERROR ||
	    head.level > SKEP_LOG_TRACE)
		return damaged(offset, "level or number of arguments cannot be", err);
	site.id = head.id;
	site.size = head.size;
	site.line = head.line;
	site.bytes = head.bytes;
	site.level = head.level;
	site.n_args = head.n_args;
	site.args = (const struct skep_log_arg *)rest;
	site.program = "";
	memcpy(site.function, rest + args_len, SKEP_LOG_FUNCTION - 1);
	if (!args_fit(&site))
		return damaged(offset, "the arguments cannot be", err);
	if (!read_texts(&site, (const char *)rest + args_len + SKEP_LOG_FUNCTION,
			head.size - sizeof(head) - args_len - SKEP_LOG_FUNCTION))
		return damaged(offset, "a text has no end", err);
	slot = skep_vec_push(&table->sites);
	if (!slot)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	*slot = site;
	*size = head.size;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct skep_log_site *x = *(struct skep_log_site *const *)a;
	const struct skep_log_site *y = *(struct skep_log_site *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int sort(struct skep_log_table *table, struct skep_error *err)
{
	skep_vec_for_each(&table->sites, site) {
		struct skep_log_site **slot = skep_vec_push(&table->by_id);

		if (!slot)
			return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		*slot = site;
	}
	if (table->by_id.len)
		qsort(table->by_id.items, table->by_id.len, sizeof(*table->by_id.items), by_id);
	return 0;
}

int skep_log_table_read(struct skep_log_table *table, const void *data, size_t len,
			struct skep_error *err)
{
	size_t offset = 0, size = 0;
	int ret;

	/* One byte more, so that no pointer to what follows a description is out of it. */
	table->data = calloc(1, len + 1);
	if (!table->data)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	if (len)
		memcpy(table->data, data, len);
	while (offset < len) {
		if (offset % ALIGN || !table->data[offset]) {
			if (table->data[offset])
				return damaged(offset, "no line begins there", err);
			offset++;
			continue;
		}
		ret = read_site(table, offset, len - offset, &size, err);
		if (ret)
			return ret;
		offset += size;
	}
	return sort(table, err);
}

void skep_log_table_free(struct skep_log_table *table)
{
	skep_vec_for_each(&table->names, name)
		free(*name);
	skep_vec_free(&table->names);
	skep_vec_free(&table->by_id);
	skep_vec_free(&table->sites);
	free(table->data);
	table->data = NULL;
}

const struct skep_log_site *skep_log_table_find(const struct skep_log_table *table, uint64_t id)
{
	size_t from = 0, to = table->by_id.len;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (table->by_id.items[mid]->id < id)
			from = mid + 1;
		else
			to = mid;
	}
	return from < table->by_id.len && table->by_id.items[from]->id == id ?
		       table->by_id.items[from] :
		       NULL;
}

static void note_at(struct skep_log_table *table, uint32_t offset, const char *name)
{
	skep_vec_for_each(&table->sites, site) {
		if (offset < site->offset || offset - site->offset >= site->size)
			continue;
		site->is_shared |= site->program[0] && strcmp(site->program, name);
		site->program = site->is_shared ? "" : name;
		return;
	}
}

int skep_log_table_note(struct skep_log_table *table, const struct bpf_insn *insns, size_t n,
			uint32_t map, const char *name)
{
	char **slot = skep_vec_push(&table->names);

	if (!slot)
		return -ENOMEM;
	*slot = strdup(name);
	if (!*slot)
		return -ENOMEM;
	for (size_t i = 0; i + 1 < n; i++) {
		const struct bpf_insn *insn = &insns[i];

		if (insn->code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (insn->src_reg == BPF_PSEUDO_MAP_VALUE && (uint32_t)insn->imm == map)
			note_at(table, (uint32_t)insn[1].imm, *slot);
		i++;
	}
	return 0;
}

static void read_number(struct skep_log_value *value, const uint8_t *at)
{
	memcpy(&value->number, at, sizeof(value->number));
}

/* Behind what a helper returned: a length with its NUL, or a negative errno. */
static void read_fetched(struct skep_log_value *value, const uint8_t *at,
			 const struct skep_log_arg *arg)
{
	read_number(value, at);
	value->bytes = at + 8;
	value->len = value->number < 0 ? 0 : arg->size;
	if (arg->kind != SKEP_LOG_BYTES_READ && value->number >= 0 && value->number < arg->size)
		value->len = (size_t)value->number;
}

void skep_log_read_values(const struct skep_log_site *site, const uint8_t *record,
			  struct skep_log_value *values)
{
	const uint8_t *at = record + sizeof(struct skep_log_header);

	for (size_t i = 0; i < site->n_args; i++) {
		const struct skep_log_arg *arg = &site->args[i];

		values[i] = (struct skep_log_value){ 0 };
		if (arg->kind <= SKEP_LOG_ADDRESS)
			read_number(&values[i], at);
		else if (arg->kind >= SKEP_LOG_STRING_READ)
			read_fetched(&values[i], at, arg);
		else
			values[i].bytes = at, values[i].len = arg->size;
		at += slot_of(arg);
	}
}
