// SPDX-License-Identifier: MIT
#include "kernel/log_support.h"

int log_collect(void *ctx, const struct skep_log_record *record)
{
	struct rig *rig = ctx;

	assert_true(rig->n < MAX_LINES);
	assert_int_equal(record->message_len, strlen(record->message));
	snprintf(rig->lines[rig->n++], sizeof(rig->lines[0]), "%s", record->message);
	snprintf(rig->program, sizeof(rig->program), "%s", record->program);
	snprintf(rig->function, sizeof(rig->function), "%s", record->function);
	rig->last = *record;
	return 0;
}

void log_rig_load(struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };

	memset(rig, 0, sizeof(*rig));
	rig->spec = open_fixture("event_log");
	if (program)
		only_program(rig->spec, program);
	assert_ok(!skep_spec_set_log_level(rig->spec, SKEP_LOG_TRACE, &err), &err);
}

void log_rig_open(struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };

	log_rig_load(rig, program);
	rig->object = load_spec(rig->spec);
	rig->log = skep_log_open(rig->object, &err);
	assert_ok(rig->log, &err);
}

void log_rig_close(struct rig *rig)
{
	skep_log_close(rig->log);
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

void log_rig_run(struct rig *rig, const char *program, uint64_t a, uint64_t b)
{
	const uint64_t args[2] = { a, b };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(rig->object, program), &run, &err),
		  &err);
}

void log_rig_packet(struct rig *rig, const char *program)
{
	static const uint8_t packet[64] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(rig->object, program), &run, &err),
		  &err);
}

void log_rig_read(struct rig *rig)
{
	rig->n = 0;
	assert_true(skep_log_consume(rig->log, 0, log_collect, rig) >= 0);
}

struct skep_log_stats log_rig_stats(struct rig *rig)
{
	struct skep_log_stats stats = { .size = sizeof(stats) };

	skep_log_stats(rig->log, &stats);
	return stats;
}

void log_rig_assert(const struct rig *rig, const char *const *lines, size_t n)
{
	assert_int_equal(rig->n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(rig->lines[i], lines[i]);
}
