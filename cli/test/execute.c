// SPDX-License-Identifier: MIT
/* One test: a fresh object, its input, a run, and what the program says of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/coverage.h"
#include "cli/test/logs.h"
#include "cli/test/records.h"
#include "cli/test/test.h"

SKEP_DEFINE_SCOPED(object, struct skep_object, skep_object_close)

uint64_t test_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* What the file gives a test under "TEST" @suffix: a constant's bytes, or NULL. */
static const void *input_of(const struct skep_spec *spec, const char *test, const char *suffix,
			    uint32_t *len)
{
	const struct skep_global_spec *global;
	char name[256];

	snprintf(name, sizeof(name), "%s%s", test, suffix);
	global = skep_spec_global(spec, name);
	if (!global || !spec->maps[global->map]->data)
		return NULL;
	*len = global->size;
	return spec->maps[global->map]->data + global->offset;
}

static bool takes_packets(uint32_t type)
{
	switch (type) {
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
		return true;
	default:
		return false;
	}
}

void test_default_packet(uint32_t type, struct skep_program_run *how)
{
	static const uint8_t zeros[64];

	if (how->data_in || !takes_packets(type))
		return;
	how->data_in = zeros;
	how->data_in_len = sizeof(zeros);
}

static int run(const struct skep_program *program, const struct skep_spec *spec,
	       struct skep_error *err)
{
	const struct skep_program_spec *test = skep_program_spec(program);
	struct skep_program_run how = { .size = sizeof(how) };

	how.data_in = input_of(spec, test->name, TEST_PACKET, &how.data_in_len);
	how.ctx_in = input_of(spec, test->name, TEST_CONTEXT, &how.ctx_in_len);
	test_default_packet(test->type, &how);
	return skep_program_test_run(program, &how, err);
}

/* Programs that maps refer to, such as the targets of tail calls, are loaded as well. */
void test_choose_programs(struct skep_spec *spec, const struct skep_program_spec *test)
{
	size_t len = strlen(test->name);

	for (size_t i = 0; i < spec->n_programs; i++) {
		struct skep_program_spec *p = spec->programs[i];

		p->load = p == test || (!strncmp(p->name, test->name, len) &&
					!strncmp(p->name + len, TEST_RECORD, strlen(TEST_RECORD)));
	}
	for (size_t i = 0; i < spec->n_maps; i++)
		for (size_t k = 0; k < spec->maps[i]->n_slots; k++)
			if (spec->maps[i]->slots[k].is_program)
				spec->programs[spec->maps[i]->slots[k].index]->load = true;
}

/* The kernel lacks what the test needs, and not the other way round. */
static bool is_lack(const struct skep_error *err)
{
	return err->code == EOPNOTSUPP || err->code == ENOSYS;
}

int test_could_not_run(struct test_result *result, const struct skep_error *why)
{
	char line[2048];

	if (why->code == EPERM || why->code == ENOMEM || why->stage == SKEP_STAGE_USAGE)
		return -why->code;
	result->status = is_lack(why) ? TEST_SKIPPED : TEST_FAILED;
	skep_error_format(why, line, sizeof(line));
	skep_text_printf(&result->message, "%s\n", line);
	return 0;
}

void test_needs_checks(struct test_result *result)
{
	if (result->n_checks || result->status != TEST_PASSED)
		return;
	result->status = TEST_FAILED;
	skep_text_lit(&result->message, "it checks nothing\n");
}

static int look_at_log(struct test_log *log, const struct skep_program *program,
		       struct test_result *result, struct skep_error *err)
{
	uint32_t len = 0;
	const char *wanted = input_of(result->spec, skep_program_name(program), TEST_LOG, &len);

	test_log_drain(log);
	if (wanted && test_log_check_lines(log, wanted, len, result))
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	test_needs_checks(result);
	test_log_tell(log, result);
	return 0;
}

static int run_loaded(struct skep_object *object, struct skep_program *program,
		      struct test_result *result, struct skep_error *err)
{
	struct test_report *report = test_report_of(object);
	struct test_records records = { 0 };
	struct test_log log = { 0 };
	int ret;

	if (!report)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "the test was built with another version's skep/bpf/test.h");
	ret = test_records_open(&records, object, program, err) ?:
		      test_log_open(&log, object, err)		?:
		      run(program, skep_object_spec(object), err);
	if (!ret) {
		test_explain(program, report, result);
		test_records_check(&records, report, result);
		ret = look_at_log(&log, program, result, err);
	}
	test_log_close(&log);
	test_records_close(&records);
	return ret;
}

/* @err tells why a program is not loaded: what is known of it, or of the object. */
int test_load(struct skep_spec *spec, const char *name, struct skep_object **object,
	      struct skep_program **program, struct skep_error *err)
{
	*object = skep_object_load(spec, NULL, err);
	*program = skep_object_program(*object, name);
	if (*program && skep_program_fd(*program) >= 0)
		return 0;
	if (*program && skep_program_error(*program))
		*err = *skep_program_error(*program);
	return -EINVAL;
}

int test_execute(struct skep_spec *spec, struct skep_program_spec *test, struct coverage *coverage,
		 struct test_result *result, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_object) struct skep_object *object = NULL;
	uint64_t begin = test_now_ns();
	struct skep_program *program;
	int ret;

	test_choose_programs(spec, test);
	ret = test_load(spec, test->name, &object, &program, err) ?:
		      run_loaded(object, program, result, err);
	if (ret)
		ret = test_could_not_run(result, err);
	if (object && coverage)
		coverage_add(coverage, object);
	result->ns = test_now_ns() - begin;
	return ret;
}
