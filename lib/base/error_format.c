// SPDX-License-Identifier: MIT
/* A skep_error as a line for people and as JSON for machines. */
#include <skep/error.h>
#include <skep/text.h>

#include "base/error.h"

const char *skep_stage_name(enum skep_stage stage)
{
	static const char *const names[] = {
		[SKEP_STAGE_NONE] = "skep",	  [SKEP_STAGE_USAGE] = "usage",
		[SKEP_STAGE_BUILD] = "build",	  [SKEP_STAGE_READ] = "read",
		[SKEP_STAGE_RESOLVE] = "resolve", [SKEP_STAGE_LOAD] = "load",
		[SKEP_STAGE_ATTACH] = "attach",	  [SKEP_STAGE_RECEIVE] = "receive",
		[SKEP_STAGE_DELIVER] = "deliver",
	};

	return (size_t)stage < sizeof(names) / sizeof(names[0]) ? names[stage] : names[0];
}

static void add_part(struct skep_text *text, const char *before, const char *part)
{
	if (!part[0])
		return;
	skep_text_str(text, before);
	skep_text_escaped(text, part, strlen(part));
}

/* "stage: [object: ]subject what at source: cause; hint" */
static void write_message(struct skep_text *text, const struct skep_error *err)
{
	skep_text_str(text, skep_stage_name(err->stage));
	skep_text_lit(text, ":");
	if (err->object[0]) {
		add_part(text, " ", err->object);
		if (err->subject[0] || err->what[0])
			skep_text_lit(text, ":");
	}
	add_part(text, " ", err->subject);
	add_part(text, " ", err->what);
	add_part(text, " at ", err->source);
	if (err->object[0] || err->subject[0] || err->what[0] || err->source[0])
		skep_text_lit(text, ":");
	add_part(text, " ", err->cause);
	add_part(text, "; ", err->hint);
}

static size_t hand_out(struct skep_text *text, char *buf, size_t size)
{
	size_t len = text->len;
	size_t copied = len < size ? len : size - 1;

	if (size) {
		if (copied)
			memcpy(buf, text->data, copied);
		buf[copied] = '\0';
	}
	skep_text_free(text);
	return len;
}

size_t skep_error_format(const struct skep_error *err, char *buf, size_t size)
{
	struct skep_text text = { 0 };

	write_message(&text, err);
	return hand_out(&text, buf, size);
}

static void write_log_line(struct skep_text *text, const char *line, size_t len)
{
	skep_text_lit(text, "  ");
	skep_text_escaped(text, line, len);
	skep_text_char(text, '\n');
}

void skep_error_print(const struct skep_error *err, FILE *out)
{
	struct skep_text text = { 0 };
	const char *line;

	if (!err || !out)
		return;
	line = err->log;
	write_message(&text, err);
	skep_text_char(&text, '\n');
	while (*line) {
		size_t len = strcspn(line, "\n");

		write_log_line(&text, line, len);
		line += len + (line[len] == '\n');
	}
	fwrite(text.data, 1, text.len, out);
	skep_text_free(&text);
}

static void add_json(struct skep_text *text, const char *name, const char *value)
{
	if (!value[0])
		return;
	skep_text_str(text, text->len == 1 ? "\"" : ",\"");
	skep_text_str(text, name);
	skep_text_lit(text, "\":");
	skep_text_json_string(text, value, strlen(value));
}

size_t skep_error_json(const struct skep_error *err, char *buf, size_t size)
{
	struct skep_text text = { 0 };

	skep_text_char(&text, '{');
	add_json(&text, "stage", skep_stage_name(err->stage));
	add_json(&text, "errno", skep_errno_name(err->code));
	add_json(&text, "object", err->object);
	add_json(&text, "subject", err->subject);
	add_json(&text, "what", err->what);
	add_json(&text, "source", err->source);
	add_json(&text, "cause", err->cause);
	add_json(&text, "hint", err->hint);
	add_json(&text, "log", err->log);
	skep_text_char(&text, '}');
	return hand_out(&text, buf, size);
}
