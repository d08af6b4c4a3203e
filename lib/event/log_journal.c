// SPDX-License-Identifier: MIT
/* Records of a log as entries of systemd's journal. */
#include "event/journal.h"

#include <syslog.h>

int skep_log_priority(enum skep_log_level level)
{
	static const int priorities[] = { LOG_ERR, LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

	return level < sizeof(priorities) / sizeof(priorities[0]) ? priorities[level] : LOG_DEBUG;
}

static void write_string(const char *name, const char *value, struct skep_text *out)
{
	if (value)
		skep_journal_write_field(name, value, strlen(value), out);
}

static void write_number(const char *name, uint64_t value, struct skep_text *out)
{
	skep_text_printf(out, "%s=%llu\n", name, (unsigned long long)value);
}

void skep_log_write_journal(const struct skep_log_record *record, struct skep_text *text)
{
	if (!record || !text)
		return;
	skep_journal_write_field("MESSAGE", record->message, record->message_len, text);
	write_number("PRIORITY", (uint64_t)skep_log_priority(record->level), text);
	write_string("SYSLOG_IDENTIFIER", "skep", text);
	write_string("CODE_FILE", record->file, text);
	if (record->line)
		write_number("CODE_LINE", record->line, text);
	write_string("CODE_FUNC", record->function, text);
	write_string("SKEP_LEVEL", skep_log_level_name(record->level), text);
	write_string("SKEP_PROGRAM", record->program, text);
	write_number("SKEP_CPU", record->cpu, text);
	if (record->pid) {
		write_number("SKEP_PID", record->pid, text);
		write_number("SKEP_TID", record->tid, text);
	}
	write_number("SKEP_TIME_NS", record->realtime, text);
}
