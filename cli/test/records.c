// SPDX-License-Identifier: MIT
#include "cli/test/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

/* What follows "TEST" @infix in @name, or NULL. */
static const char *channel_in(const char *name, const char *test, const char *infix)
{
	size_t len = strlen(test), infix_len = strlen(infix);

	return !strncmp(name, test, len) && !strncmp(name + len, infix, infix_len) ?
		       name + len + infix_len :
		       NULL;
}

static struct test_channel *find_or_add(struct test_records *records, const char *name)
{
	struct test_channel *channel;

	skep_vec_for_each(&records->channels, c)
		if (!strcmp(c->name, name))
			return c;
	channel = skep_vec_push(&records->channels);
	if (channel)
		*channel = (struct test_channel){ .name = name, .expected = -1 };
	return channel;
}

static int add_checkers(struct test_records *records, const struct skep_object *object,
			const char *test, struct skep_error *err)
{
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		struct skep_program *program = skep_object_program_at(object, i);
		const char *name = channel_in(skep_program_name(program), test, TEST_RECORD);
		struct test_channel *channel = name ? find_or_add(records, name) : NULL;

		if (name && !channel)
			return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		if (!channel)
			continue;
		channel->checker = program;
		if (skep_program_fd(program) >= 0)
			continue;
		if (err && skep_program_error(program))
			*err = *skep_program_error(program);
		return -EINVAL;
	}
	return 0;
}

static int add_counts(struct test_records *records, const struct skep_spec *spec, const char *test,
		      struct skep_error *err)
{
	for (size_t i = 0; i < spec->n_globals; i++) {
		const struct skep_global_spec *g = spec->globals[i];
		const char *name = channel_in(g->name, test, TEST_RECORDS);
		struct test_channel *channel;
		uint32_t n;

		if (!name || g->size != sizeof(n) || !spec->maps[g->map]->data)
			continue;
		channel = find_or_add(records, name);
		if (!channel)
			return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		memcpy(&n, spec->maps[g->map]->data + g->offset, sizeof(n));
		channel->expected = n;
	}
	return 0;
}

bool test_is_no_channel(const struct skep_error *why)
{
	return why->code == EOPNOTSUPP;
}

int test_records_open(struct test_records *records, const struct skep_object *object,
		      const struct skep_program *test, struct skep_error *err)
{
	const char *name = skep_program_name(test);
	int ret = add_checkers(records, object, name, err) ?:
			  add_counts(records, skep_object_spec(object), name, err);

	if (ret)
		return ret;
	skep_vec_for_each(&records->channels, channel) {
		const struct skep_map *map = skep_object_map(object, channel->name);

		if (!map)
			return skep_error_set(err, SKEP_STAGE_USAGE, ENOENT,
					      "the test names the channel '%s', which is no map",
					      channel->name);
		channel->ring = skep_ring_open(object, map, NULL, err);
		if (!channel->ring && test_is_no_channel(err))
			return skep_error_set(
				err, SKEP_STAGE_USAGE, EINVAL,
				"the test names the channel '%s', which carries no records",
				channel->name);
		if (!channel->ring)
			return -EINVAL;
	}
	return 0;
}

static int check_record(void *ctx, const struct skep_record *record)
{
	struct test_channel *channel = ctx;
	SKEP_SCOPED(skep_scoped_free) void *copy = NULL;
	struct skep_program_run run = { .size = sizeof(run), .ctx_in_len = record->len };
	struct skep_error err = { 0 };
	char line[1024];

	channel->report->record = channel->n++;
	if (!channel->checker)
		return 0;
	copy = malloc(record->len + 1ul);
	if (!copy)
		return -ENOMEM;
	run.ctx_in = memcpy(copy, record->data, record->len);
	if (!skep_program_test_run(channel->checker, &run, &err)) {
		test_explain(channel->checker, channel->report, channel->result);
		return 0;
	}
	skep_error_format(&err, line, sizeof(line));
	skep_text_printf(&channel->result->message, "%s\n", line);
	channel->result->status = TEST_FAILED;
	return 1;
}

void test_records_check(struct test_records *records, struct test_report *report,
			struct test_result *result)
{
	skep_vec_for_each(&records->channels, channel) {
		channel->report = report;
		channel->result = result;
		skep_ring_drain(channel->ring, check_record, channel);
		if (channel->expected < 0)
			continue;
		result->n_checks++;
		if (channel->n == channel->expected)
			continue;
		result->status = TEST_FAILED;
		skep_text_escaped(&result->message, channel->name, strlen(channel->name));
		skep_text_printf(&result->message, ": %u records came, not %lld\n", channel->n,
				 (long long)channel->expected);
	}
}

void test_records_close(struct test_records *records)
{
	skep_vec_for_each(&records->channels, channel)
		skep_ring_close(channel->ring);
	skep_vec_free(&records->channels);
}
