// SPDX-License-Identifier: MIT
/* Maps as records, round after round. */
#include "base/cleanup.h"
#include "kernel/fixture.h"

#include <errno.h>
#include <skep/sample.h>

#define MAX_CPUS 64

/* As the fixture's. */
struct who {
	uint32_t uid;
	char comm[8];
};

struct counts {
	uint64_t calls, bytes, latest;
	char last[8];
};

static struct skep_text lines;

/* A line of JSON for each record. */
static int write_json(void *ctx, const struct skep_sampler *s, int cpu, const void *data,
		      size_t len)
{
	(void)ctx;
	(void)cpu;
	skep_record_write_json(skep_sampler_schema(s), data, len, &lines);
	return 0;
}

static struct skep_sampler *new_sampler(const char *map, const struct skep_sampler_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_sampler *s = skep_sampler_new(fixture_map(map), opts, &err);

	assert_ok(s, &err);
	return s;
}

/* What a round gives as JSON, until the next one. */
static const char *read_round(struct skep_sampler *s, int64_t expected)
{
	struct skep_error err = { 0 };
	int64_t n;

	skep_text_reset(&lines);
	n = skep_sampler_read(s, write_json, NULL, &err);
	assert_ok(n >= 0, &err);
	assert_int_equal(n, expected);
	return skep_text_string(&lines);
}

static void put(const char *map, const void *key, const void *value)
{
	struct skep_error err = { 0 };

	assert_ok(!skep_map_update(fixture_map(map), key, value, BPF_ANY, &err), &err);
}

static void load(void)
{
	fixture_open("sample");
	fixture_load();
}

static int leave(void **state)
{
	skep_text_free(&lines);
	return fixture_teardown(state);
}

static void elements_are_records_of_key_and_value(void **state)
{
	const struct who who = { 7, "cat" };
	const struct counts counts = { .calls = 3, .bytes = 4096, .last = "dog" };
	struct skep_sampler *s;
	struct skep_text text = { 0 };

	(void)state;
	NEED_BPF();
	load();
	s = new_sampler("by_who", NULL);
	assert_string_equal(read_round(s, 0), "");
	put("by_who", &who, &counts);
	assert_non_null(strstr(read_round(s, 1), "{\"key\":{\"uid\":7,\"comm\":\"cat\"},\"value\":"
						 "{\"calls\":3,\"bytes\":4096,\"latest\":\""));
	assert_non_null(strstr(lines.data, "\"last\":\"dog\"}}\n"));
	/* What is kept is there again. */
	read_round(s, 1);
	skep_schema_write_header(skep_sampler_schema(s), &text);
	assert_int_equal(strncmp(skep_text_string(&text), "KEY.UID KEY.COMM ", 17), 0);
	skep_text_free(&text);
	skep_sampler_free(s);
	fixture_leave();
}

static void what_is_cleared_is_given_once(void **state)
{
	const struct skep_sampler_opts opts = { .size = sizeof(opts), .clear = true };
	const struct counts counts = { .calls = 1 };
	struct skep_error err = { 0 };
	struct skep_sampler *s;
	uint32_t next;

	(void)state;
	NEED_BPF();
	load();
	s = new_sampler("by_who", &opts);
	for (uint32_t i = 0; i < 40; i++)
		put("by_who", &(struct who){ i, "x" }, &counts);
	read_round(s, 40);
	read_round(s, 0);
	assert_int_equal(skep_map_next_key(fixture_map("by_who"), NULL, &next, &err), -ENOENT);
	skep_sampler_free(s);
	s = new_sampler("waiting", &opts);
	put("waiting", NULL, &(struct who){ 5, "first" });
	assert_string_equal(read_round(s, 1), "{\"value\":{\"uid\":5,\"comm\":\"first\"}}\n");
	read_round(s, 0);
	skep_sampler_free(s);
	fixture_leave();
}

/* The numbers of all CPUs as one value. */
static void put_on_cpus(const struct who *who, uint64_t each)
{
	static struct counts values[MAX_CPUS];
	size_t n = skep_map_n_values(fixture_map("on_cpus"));

	if (n > MAX_CPUS)
		SKIP_TEST("there are more than %d CPUs", MAX_CPUS);
	memset(values, 0, sizeof(values));
	for (size_t i = 0; i < n; i++) {
		values[i].calls = each;
		values[i].latest = 1000 * i;
	}
	memcpy(values[n - 1].last, "cat", 4);
	put("on_cpus", who, values);
}

static int keep_counts(void *ctx, const struct skep_sampler *s, int cpu, const void *data,
		       size_t len)
{
	struct counts *counts = ctx;

	(void)s;
	assert_true(len >= sizeof(*counts));
	memcpy(counts, (const char *)data + len - sizeof(*counts), sizeof(*counts));
	assert_int_equal(cpu, -1);
	return 0;
}

static void values_of_cpus_are_added_up_or_listed(void **state)
{
	struct skep_sampler_opts opts = { .size = sizeof(opts) };
	const struct who who = { 1, "a" };
	struct counts sum = { 0 };
	struct skep_sampler *s;
	size_t n;

	(void)state;
	NEED_BPF();
	load();
	n = skep_map_n_values(fixture_map("on_cpus"));
	put_on_cpus(&who, 10);
	s = new_sampler("on_cpus", &opts);
	assert_int_equal(skep_sampler_read(s, keep_counts, &sum, NULL), 1);
	assert_int_equal(sum.calls, 10 * n);
	assert_int_equal(sum.latest, 1000 * (n - 1));
	assert_string_equal(sum.last, "cat");
	skep_sampler_free(s);
	if (n > 1) {
		opts.each_cpu = true;
		s = new_sampler("on_cpus", &opts);
		assert_non_null(
			strstr(read_round(s, (int64_t)n), "\"cpu\":1,\"value\":{\"calls\":10"));
		skep_sampler_free(s);
	}
	fixture_leave();
}

/* Elements of arrays cannot be deleted, and programs go on counting: differences lose nothing. */
static void arrays_give_what_has_been_counted_since(void **state)
{
	const struct skep_sampler_opts opts = { .size = sizeof(opts), .clear = true };
	static uint64_t values[MAX_CPUS];
	uint32_t key = 3;
	struct skep_sampler *s;

	(void)state;
	NEED_BPF();
	load();
	if (skep_map_n_values(fixture_map("slots_of_cpus")) > MAX_CPUS)
		SKIP_TEST("there are more than %d CPUs", MAX_CPUS);
	s = new_sampler("slots_of_cpus", &opts);
	values[0] = 5;
	put("slots_of_cpus", &key, values);
	assert_string_equal(read_round(s, 1), "{\"key\":3,\"value\":5}\n");
	read_round(s, 0);
	values[0] = 12;
	put("slots_of_cpus", &key, values);
	assert_string_equal(read_round(s, 1), "{\"key\":3,\"value\":7}\n");
	/* The map itself is as it was. */
	assert_int_equal(skep_map_sum(fixture_map("slots_of_cpus"), &key, values, 1, NULL), 0);
	assert_int_equal(values[0], 12);
	skep_sampler_free(s);
	fixture_leave();
}

static int write_text(void *ctx, const struct skep_sampler *s, int cpu, const void *data,
		      size_t len)
{
	(void)s;
	(void)cpu;
	skep_sampler_write_text(ctx, data, len, &lines);
	return 0;
}

static void histograms_are_tables(void **state)
{
	const struct skep_sampler_opts opts = { .size = sizeof(opts),
						.kind = SKEP_SAMPLE_LOG2,
						.unit = "usecs" };
	const struct {
		char comm[8];
		uint32_t slots[16];
	} hist = { "make", { 1, 2, 4 } };
	struct skep_sampler *s;
	uint32_t key = 11;

	(void)state;
	NEED_BPF();
	load();
	put("hists", &key, &hist);
	s = new_sampler("hists", &opts);
	skep_text_reset(&lines);
	assert_int_equal(skep_sampler_read(s, write_text, s, NULL), 1);
	assert_int_equal(strncmp(skep_text_string(&lines), "key = 11\ncomm = make\n", 21), 0);
	assert_non_null(strstr(lines.data, "usecs"));
	assert_non_null(
		strstr(lines.data, "4 -> 7          : 4        |****************************"));
	read_round(s, 1);
	assert_non_null(
		strstr(lines.data, "{\"key\":11,\"value\":{\"comm\":\"make\",\"slots\":[1,2,4,"));
	skep_sampler_free(s);
	fixture_leave();
}

static void linear_histograms_begin_where_their_values_say(void **state)
{
	const struct skep_sampler_opts opts = { .size = sizeof(opts), .kind = SKEP_SAMPLE_LINEAR };
	const struct {
		int64_t base;
		uint64_t step, slots[4];
	} line = { -100, 50, { 0, 9, 3, 0 } };
	struct skep_sampler *s;
	uint32_t key = 1;

	(void)state;
	NEED_BPF();
	load();
	put("lines", &key, &line);
	s = new_sampler("lines", &opts);
	skep_text_reset(&lines);
	assert_int_equal(skep_sampler_read(s, write_text, s, NULL), 1);
	assert_non_null(strstr(skep_text_string(&lines), "-50 -> -1"));
	assert_non_null(strstr(lines.data, ": 9 "));
	skep_sampler_free(s);
	fixture_leave();
}

static void what_has_no_histogram_says_so(void **state)
{
	const struct skep_sampler_opts opts = { .size = sizeof(opts), .kind = SKEP_SAMPLE_LOG2 };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	load();
	assert_null(skep_sampler_new(fixture_map("by_who"), &opts, &err));
	assert_error_says(&err, "no member `slots`");
	assert_error_says(&err, "by_who");
	assert_null(skep_sampler_new(NULL, NULL, &err));
	assert_int_equal(skep_sampler_read(NULL, NULL, NULL, &err), -EINVAL);
	fixture_leave();
}

static void maps_without_types_are_bytes(void **state)
{
	struct skep_sampler *s;
	uint32_t key = 1;
	uint64_t value = 0;

	(void)state;
	NEED_BPF();
	load();
	put("untyped", &key, &value);
	s = new_sampler("untyped", NULL);
	assert_non_null(strstr(read_round(s, 1), ",\"value\":[0,0,0,0,0,0,0,0]}\n"));
	skep_sampler_free(s);
	fixture_leave();
}

struct counter {
	struct skep_loop *loop;
	uint64_t records, ticks, most_between;
	uint64_t since_tick;
};

static int count_record(void *ctx, const struct skep_sampler *s, int cpu, const void *data,
			size_t len)
{
	struct counter *c = ctx;

	(void)s;
	(void)cpu;
	(void)data;
	(void)len;
	c->records++;
	if (++c->since_tick > c->most_between)
		c->most_between = c->since_tick;
	return 0;
}

static int on_tick(void *ctx)
{
	struct counter *c = ctx;

	c->ticks++;
	c->since_tick = 0;
	return 0;
}

static void rounds_let_the_loop_go_on(void **state)
{
	struct skep_sampler_stats stats = { .size = sizeof(stats) };
	struct counter c = { 0 };
	struct skep_error err = { 0 };
	struct skep_sampler *s;
	struct skep_loop *loop;
	uint64_t value = 1;

	(void)state;
	NEED_BPF();
	load();
	for (uint32_t i = 0; i < 20000; i++)
		put("many", &i, &value);
	s = new_sampler("many", NULL);
	c.loop = loop = skep_loop_new(&err);
	assert_ok(!skep_loop_add_timer(loop, 100000, on_tick, &c, &err), &err);
	assert_ok(!skep_loop_add_sampler(loop, s, 50000000, count_record, &c, &err), &err);
	assert_int_equal(skep_loop_add_sampler(loop, s, 1, count_record, &c, &err), -EINVAL);
	assert_ok(!skep_loop_run(loop, 400000000, &err), &err);
	skep_sampler_stats(s, &stats);
	assert_true(stats.rounds >= 1);
	assert_int_equal(stats.failed, 0);
	assert_true(c.records >= 20000);
	/* Elsewhere in the loop nobody waits for the end of a round. */
	assert_true(c.most_between < 20000);
	skep_loop_free(loop);
	skep_sampler_free(s);
	fixture_leave();
}

static void sources_say_how_their_maps_are_shown(void **state)
{
	struct skep_sample_note note = { .size = sizeof(note) };
	struct skep_error err = { 0 };
	const struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	load();
	spec = fixture_spec();
	assert_int_equal(skep_sample_note(spec, "by_who", &note, &err), 1);
	assert_int_equal(note.kind, SKEP_SAMPLE_KEY_VALUE);
	assert_int_equal(note.interval_ms, 100);
	assert_true(note.clear);
	assert_string_equal(note.unit, "");
	assert_int_equal(skep_sample_note(spec, "hists", &note, &err), 1);
	assert_int_equal(note.kind, SKEP_SAMPLE_LOG2);
	assert_false(note.clear);
	assert_string_equal(note.unit, "usecs");
	assert_int_equal(skep_sample_note(spec, "lines", &note, &err), 1);
	assert_int_equal(note.kind, SKEP_SAMPLE_LINEAR);
	assert_string_equal(note.unit, "a,b");
	assert_int_equal(skep_sample_note(spec, "many", &note, &err), 0);
	assert_int_equal(skep_sample_note(spec, "no_such_map", &note, &err), 0);
	assert_int_equal(skep_sample_note(NULL, "many", &note, &err), -EINVAL);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_records_of_key_and_value),
		cmocka_unit_test(what_is_cleared_is_given_once),
		cmocka_unit_test(values_of_cpus_are_added_up_or_listed),
		cmocka_unit_test(arrays_give_what_has_been_counted_since),
		cmocka_unit_test(histograms_are_tables),
		cmocka_unit_test(linear_histograms_begin_where_their_values_say),
		cmocka_unit_test(what_has_no_histogram_says_so),
		cmocka_unit_test(maps_without_types_are_bytes),
		cmocka_unit_test(rounds_let_the_loop_go_on),
		cmocka_unit_test(sources_say_how_their_maps_are_shown),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, leave);
}
