// SPDX-License-Identifier: MIT
/* Runs a test that is described in JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/coverage.h"
#include "cli/test/describe_run.h"

SKEP_DEFINE_SCOPED(object, struct skep_object, skep_object_close)

/* The initial values of variables, which tests change and others want as they were. */
static uint8_t **keep_data(const struct skep_spec *spec)
{
	uint8_t **kept = calloc(spec->n_maps + 1, sizeof(*kept));

	for (size_t i = 0; kept && i < spec->n_maps; i++) {
		const struct skep_map_spec *map = spec->maps[i];

		kept[i] = map->data ? malloc(map->data_size + 1ul) : NULL;
		if (kept[i])
			memcpy(kept[i], map->data, map->data_size);
	}
	return kept;
}

static void restore_data(const struct skep_spec *spec, uint8_t **kept)
{
	for (size_t i = 0; i < spec->n_maps; i++) {
		if (kept[i])
			memcpy(spec->maps[i]->data, kept[i], spec->maps[i]->data_size);
		free(kept[i]);
	}
	free(kept);
}

static void run_free(struct run *r)
{
	skep_vec_for_each(&r->rings, ring) {
		skep_ring_close(ring->ring);
		skep_text_free(&ring->bytes);
	}
	skep_vec_free(&r->rings);
	test_log_close(&r->log);
	free(r->packet);
	free(r->context);
	free(r->packet_out);
}

static int run_loaded(struct run *r, struct skep_error *err)
{
	int ret = described_set_up(r, err) ?: skep_program_test_run(r->program, &r->how, err);

	if (ret)
		return ret;
	described_drain(r);
	ret = described_check(r, err);
	test_log_tell(&r->log, r->result);
	return ret;
}

static int load_and_run(struct run *r, struct coverage *coverage, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_object) struct skep_object *object = NULL;
	int ret = described_set_globals(r, err) ?:
			  test_load(r->spec, r->test->program, &object, &r->program, err);

	r->object = object;
	ret = ret ?: run_loaded(r, err);
	if (object && coverage)
		coverage_add(coverage, object);
	run_free(r);
	return ret;
}

int description_execute(const struct description *d, const struct described_test *test,
			struct skep_spec *spec, struct coverage *coverage,
			struct test_result *result, struct skep_error *err)
{
	struct run r = { .d = d, .test = test, .spec = spec, .result = result };
	struct skep_program_spec *program = skep_spec_program(spec, test->program);
	uint64_t begin = test_now_ns();
	uint8_t **kept;
	int ret;

	r.how.size = sizeof(r.how);
	if (!program)
		return described_unknown(d, spec, &test->program_at, DESCRIBED_PROGRAM,
					 test->program, err);
	kept = keep_data(spec);
	if (!kept)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	test_choose_programs(spec, program);
	ret = load_and_run(&r, coverage, err);
	restore_data(spec, kept);
	if (ret)
		ret = test_could_not_run(result, err);
	else
		test_needs_checks(result);
	result->ns = test_now_ns() - begin;
	return ret;
}
