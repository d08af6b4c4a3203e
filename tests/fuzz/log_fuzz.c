// SPDX-License-Identifier: MIT
/*
 * Any bytes as a table of lines that log, from where one seems to begin, and the same bytes as a
 * record of each line that is found; then as a format with values.
 */
#include <string.h>

#include "event/log.h"
#include "fuzz/fuzz.h"

static void write_all(const struct skep_log_site *site, const struct skep_log_value *values)
{
	const struct skep_log_env env = { 0 };
	struct skep_log_record record = { .size = sizeof(record),
					  .level = site->level,
					  .file = site->file,
					  .function = site->function,
					  .program = site->program };
	struct skep_text message = { 0 }, text = { 0 };

	skep_log_write_message(site->format, values, site->n_args, &env, &message);
	record.message = skep_text_string(&message);
	record.message_len = message.len;
	skep_log_write_text(&record, &text);
	skep_log_write_json(&record, &text);
	FUZZ_ASSERT(!memchr(text.data, '\033', text.len));
	skep_text_free(&message);
	skep_text_free(&text);
}

static void read_record(const struct skep_log_site *site, const uint8_t *data, size_t len)
{
	struct skep_log_value values[SKEP_LOG_MAX_ARGS];
	uint8_t *record;

	if (site->bytes > len)
		return;
	record = malloc(site->bytes);
	FUZZ_ASSERT(record);
	memcpy(record, data + len - site->bytes, site->bytes);
	skep_log_read_values(site, record, values);
	write_all(site, values);
	free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint32_t magic = SKEP_LOG_MAGIC;
	const uint8_t *start = len ? memmem(data, len, &magic, sizeof(magic)) : NULL;
	struct skep_log_site line = { .level = SKEP_LOG_INFO, .file = "f", .program = "" };
	const struct skep_log_value values[] = { { data, len < 64 ? len : 64, -1 },
						 { .number = (int64_t)len } };
	struct skep_log_table table = { 0 };
	char *format = calloc(1, len + 1);

	FUZZ_ASSERT(format);
	if (!start)
		start = data;
	skep_log_table_read(&table, start, len - (size_t)(start - data), NULL);
	skep_vec_for_each(&table.sites, site)
		read_record(site, data, len);
	skep_log_table_free(&table);
	memcpy(format, data, len);
	line.format = format;
	line.n_args = 2;
	write_all(&line, values);
	free(format);
	return 0;
}
