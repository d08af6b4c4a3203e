// SPDX-License-Identifier: MIT
#include "cli/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "stream/sink_types.h"
#include "stream/writer.h"

/* What is too long for its column stands on a line of its own. */
static void print_entry(int indent, const char *left, const char *right)
{
	const int width = 30 - indent;

	if ((int)strlen(left) > width)
		printf("%*s%s\n%*s %s\n", indent, "", left, 30, "", right);
	else
		printf("%*s%-*s %s\n", indent, "", width, left, right);
}

static void print_options(const struct skep_sink_option *option)
{
	char left[64];

	for (; option && option->name; option++) {
		snprintf(left, sizeof(left), ",%s=%s", option->name, option->value);
		print_entry(4, left, option->help);
	}
}

static void print_type(const struct skep_sink_type *type)
{
	char left[64];

	if (type->target && type->target[0] == '[')
		snprintf(left, sizeof(left), "%s[:%s", type->name, type->target + 1);
	else
		snprintf(left, sizeof(left), "%s%s%s", type->name, type->target ? ":" : "",
			 type->target ?: "");
	print_entry(2, left, type->summary);
	/* Those that several have are told once, at the end. */
	if (type->options != skep_writer_options)
		print_options(type->options);
}

bool outputs_help(const struct option_list *specs)
{
	bool is_asked = false;

	for (size_t i = 0; i < specs->len; i++)
		is_asked |= !strcmp(specs->items[i], "help");
	if (!is_asked)
		return false;
	puts("-o KIND[:TARGET][,NAME=VALUE]...\n");
	for (size_t i = 0; skep_sink_types[i]; i++)
		print_type(skep_sink_types[i]);
	puts("\nfiles of text, jsonl, json, csv and logfmt:");
	print_options(skep_writer_options);
	return true;
}

bool outputs_are_json(const struct option_list *specs)
{
	return specs->len && !strncmp(specs->items[0], "json", strlen("json"));
}

static bool is_stdout(const struct skep_sink *sink)
{
	return sink->type->options == skep_writer_options && skep_writer_is_stdout(sink->words);
}

static int add(struct skep_delivery *delivery, const char *spec, bool *has_stdout,
	       struct skep_error *err)
{
	struct skep_sink *sink = skep_sink_open(spec, err);

	if (!sink)
		return -EINVAL;
	if (is_stdout(sink) && *has_stdout) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "two outputs cannot share stdout");
		skep_error_add_subject(err, "output '%s'", spec);
		skep_error_add_hint(err, "give one of them a file: %s:FILE", sink->type->name);
		skep_sink_close(sink);
		return -EINVAL;
	}
	*has_stdout |= is_stdout(sink);
	return skep_delivery_add(delivery, sink, err);
}

bool outputs_have_jsonl(const struct option_list *specs)
{
	for (size_t i = 0; i < specs->len; i++)
		if (!strcmp(specs->items[i], "jsonl"))
			return true;
	return false;
}

static bool is_replaced(const char *spec, const struct skep_sink *summary)
{
	return summary && (!strcmp(spec, "text") || !strcmp(spec, "jsonl"));
}

struct skep_delivery *outputs_open(const struct option_list *specs, struct skep_sink *summary,
				   struct skep_error *err)
{
	struct skep_delivery *delivery = skep_delivery_new(NULL, err);
	bool has_stdout = summary;
	int ret = delivery ? 0 : -ENOMEM;

	if (!delivery)
		skep_sink_close(summary);
	else if (summary)
		ret = skep_delivery_add(delivery, summary, err);
	else if (!specs->len)
		ret = add(delivery, "text", &has_stdout, err);
	for (size_t i = 0; i < specs->len && !ret; i++)
		if (!is_replaced(specs->items[i], summary))
			ret = add(delivery, specs->items[i], &has_stdout, err);
	ret = ret ?: skep_delivery_start(delivery, err);
	if (!ret)
		return delivery;
	skep_delivery_free(delivery);
	return NULL;
}

/* 1234567 as 1,234,567. */
static void write_number(struct skep_text *text, uint64_t n)
{
	if (n >= 1000)
		write_number(text, n / 1000);
	skep_text_printf(text, n >= 1000 ? ",%03u" : "%u", (unsigned)(n % 1000));
}

static void print_loss(const struct skep_delivery_stats *stats, uint64_t lost, const char *why)
{
	struct skep_text text = { 0 };

	skep_text_lit(&text, "output '");
	skep_text_escaped(&text, stats->spec, strlen(stats->spec));
	skep_text_lit(&text, "': ");
	if (lost) {
		write_number(&text, lost);
		skep_text_str(&text, lost == 1 ? " record lost: " : " records lost: ");
	}
	skep_text_escaped(&text, why, strlen(why));
	skep_text_char(&text, '\n');
	if (!text.failed)
		fwrite(text.data, 1, text.len, stderr);
	skep_text_free(&text);
}

bool outputs_end(struct skep_delivery *delivery)
{
	struct skep_delivery_stats stats;
	bool ok = true;

	skep_delivery_end(delivery);
	for (size_t i = 0; skep_delivery_stats(delivery, i, &stats); i++) {
		if (stats.lagged)
			print_loss(&stats, stats.lagged, "it could not keep up");
		if (stats.failed || stats.problem.code)
			print_loss(&stats, stats.failed, stats.problem.cause);
		ok &= !stats.lagged && !stats.failed && !stats.problem.code;
	}
	return ok;
}
