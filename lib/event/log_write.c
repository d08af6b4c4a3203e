// SPDX-License-Identifier: MIT
/* A record as a line for people, and as one for machines. */
#include "base/readable.h"
#include "event/log.h"

#include <ctype.h>
#include <string.h>

static void write_level(enum skep_log_level level, struct skep_text *text)
{
	const char *name = skep_log_level_name(level) ?: "?";
	size_t start = text->len;

	for (; *name; name++)
		skep_text_char(text, (char)toupper((unsigned char)*name));
	skep_text_pad(text, start, 6);
}

static void write_where(const struct skep_log_record *r, struct skep_text *text)
{
	const char *name = r->program && r->program[0] ? r->program : r->function;

	skep_text_escaped(text, r->file, strlen(r->file));
	skep_text_printf(text, ":%u ", r->line);
	skep_text_escaped(text, name, strlen(name));
	if (r->pid)
		skep_text_printf(text, "[%u]", r->pid);
	skep_text_printf(text, " cpu %u: ", r->cpu);
}

void skep_log_write_text(const struct skep_log_record *record, struct skep_text *text)
{
	if (!record || !text)
		return;
	skep_write_clock(record->realtime, text);
	skep_text_char(text, ' ');
	write_level(record->level, text);
	write_where(record, text);
	skep_text_escaped(text, record->message, record->message_len);
	skep_text_char(text, '\n');
}

static void write_string(const char *key, const char *value, struct skep_text *text)
{
	if (!value || !*value)
		return;
	skep_text_printf(text, ",\"%s\":", key);
	skep_text_json_string(text, value, strlen(value));
}

static void write_number(const char *key, uint64_t value, struct skep_text *text)
{
	skep_text_printf(text, ",\"%s\":%llu", key, (unsigned long long)value);
}

void skep_log_write_json(const struct skep_log_record *record, struct skep_text *text)
{
	if (!record || !text)
		return;
	skep_text_lit(text, "{\"time\":");
	skep_text_u64(text, record->realtime);
	write_string("level", skep_log_level_name(record->level), text);
	write_number("cpu", record->cpu, text);
	if (record->pid) {
		write_number("pid", record->pid, text);
		write_number("tid", record->tid, text);
	}
	write_string("file", record->file, text);
	write_number("line", record->line, text);
	write_string("function", record->function, text);
	write_string("program", record->program, text);
	skep_text_lit(text, ",\"message\":");
	skep_text_json_string(text, record->message, record->message_len);
	skep_text_lit(text, "}\n");
}
