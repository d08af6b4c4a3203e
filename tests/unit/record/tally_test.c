// SPDX-License-Identifier: MIT
/* Records in order, and counted. */
#include <math.h>
#include <skep/tally.h>

#include "support.h"

struct call {
	uint32_t pid;
	int32_t ret;
	uint64_t bytes, latency;
	double ratio;
	char comm[8];
	uint8_t address[4];
	uint8_t low : 3, high : 5;
};

static struct skep_schema *schema;
static struct skep_error err;

static int setup(void **state)
{
	struct skep_btf_builder *b = new_types();
	uint32_t comm, address, id;

	(void)state;
	comm = (uint32_t)skep_btf_builder_array(b, CHAR, U32, 8);
	address = (uint32_t)skep_btf_builder_array(b, U8, U32, 4);
	id = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "call", sizeof(struct call));
	skep_btf_builder_member(b, "pid", U32, 8 * offsetof(struct call, pid), 0);
	skep_btf_builder_member(b, "ret", S32, 8 * offsetof(struct call, ret), 0);
	skep_btf_builder_member(b, "bytes", U64, 8 * offsetof(struct call, bytes), 0);
	skep_btf_builder_member(b, "latency", U64, 8 * offsetof(struct call, latency), 0);
	skep_btf_builder_member(b, "ratio", DOUBLE, 8 * offsetof(struct call, ratio), 0);
	skep_btf_builder_member(b, "comm", comm, 8 * offsetof(struct call, comm), 0);
	skep_btf_builder_member(b, "address", address, 8 * offsetof(struct call, address), 0);
	skep_btf_builder_member(b, "low", U8, 8 * (offsetof(struct call, address) + 4), 3);
	skep_btf_builder_member(b, "high", U8, 8 * (offsetof(struct call, address) + 4) + 3, 5);
	tag(b, id, 2, "skep:bytes");
	tag(b, id, 3, "skep:duration");
	tag(b, id, 6, "skep:ipv4");
	schema = try_type(b, id, &err);
	assert_ok(schema, &err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	skep_schema_free(schema);
	return 0;
}

static const struct call calls[] = {
	{ 1, -2, 100, 1000, 0.5, "bash", { 10, 0, 0, 9 }, 1, 1 },
	{ 2, 5, 4096, 2000000, 1.5, "zsh", { 10, 0, 0, 10 }, 2, 1 },
	{ 3, 0, 50, 3000, NAN, "bash", { 9, 0, 0, 1 }, 1, 2 },
	{ 4, 5, 50, 0, -1, "awk", { 10, 0, 0, 9 }, 3, 2 },
};

#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

/* The pids of the first @most calls in an order, as digits. */
static const char *ranked(const char *columns, size_t most)
{
	struct skep_ranking *r = skep_ranking_new(schema, columns, most, &err);
	static char pids[16];
	size_t n, len;

	assert_ok(r, &err);
	for (size_t i = 0; i < N_CALLS; i++)
		assert_int_equal(skep_ranking_add(r, &calls[i], sizeof(calls[i])), 0);
	n = skep_ranking_sort(r);
	assert_int_equal(n + skep_ranking_left_out(r), N_CALLS);
	for (size_t i = 0; i < n; i++) {
		const struct call *call = skep_ranking_record(r, i, &len);

		assert_int_equal(len, sizeof(*call));
		pids[i] = (char)('0' + call->pid);
	}
	pids[n] = '\0';
	skep_ranking_free(r);
	return pids;
}

static void records_are_put_in_order_by_columns(void **state)
{
	(void)state;
	assert_string_equal(ranked("ret", 9), "1324");
	assert_string_equal(ranked("-ret", 9), "2431");
	assert_string_equal(ranked("-ret,comm", 9), "4231");
	assert_string_equal(ranked("comm,-pid", 9), "4312");
	assert_string_equal(ranked("bytes , +latency", 9), "4312");
	assert_string_equal(ranked("address", 9), "3142");
	assert_string_equal(ranked("ratio", 9), "3412");
	assert_string_equal(ranked("high,low", 9), "1234");
}

static void only_the_first_are_kept(void **state)
{
	(void)state;
	assert_string_equal(ranked("-bytes", 1), "2");
	assert_string_equal(ranked("-bytes", 2), "21");
	assert_string_equal(ranked("bytes", 2), "34");
	assert_string_equal(ranked("comm", 3), "413");
}

static void rankings_keep_the_first_of_many(void **state)
{
	struct skep_ranking *r = skep_ranking_new(schema, "-bytes", 100, &err);
	struct call call = { 0 };
	uint64_t number = 1;
	size_t len;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 10007; i++) {
			number = number * 5 % 10007;
			call.bytes = i ? number : 0;
			assert_int_equal(skep_ranking_add(r, &call, sizeof(call)), 0);
			/* Sorting in between changes nothing. */
			if (i == 5000)
				skep_ranking_sort(r);
		}
		assert_int_equal(skep_ranking_sort(r), 100);
		for (size_t i = 1; i < 100; i++) {
			const struct call *a = skep_ranking_record(r, i - 1, &len);
			const struct call *b = skep_ranking_record(r, i, &len);

			assert_true(a->bytes >= b->bytes && b->bytes > 9800);
		}
		assert_int_equal(skep_ranking_left_out(r), 10007 - 100);
		skep_ranking_clear(r);
		assert_int_equal(skep_ranking_sort(r), 0);
	}
	skep_ranking_free(r);
}

static struct skep_tally *tally_of(struct skep_tally_opts opts)
{
	struct skep_tally *t;

	opts.size = sizeof(opts);
	t = skep_tally_new(schema, &opts, &err);
	assert_ok(t, &err);
	for (size_t i = 0; i < N_CALLS; i++)
		assert_int_equal(skep_tally_add(t, &calls[i], sizeof(calls[i])), 0);
	return t;
}

static const char *table(struct skep_tally *t, size_t top)
{
	struct skep_text text = { 0 };

	skep_tally_write(t, top, &text);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

static const char *tally_json(struct skep_tally *t, size_t top)
{
	struct skep_text text = { 0 };

	skep_tally_write_json(t, top, &text);
	skep_text_char(&text, '\n');
	assert_true(is_json_line(text.data, text.len));
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

static void records_are_counted_by_columns(void **state)
{
	struct skep_tally *t = tally_of((struct skep_tally_opts){ .by = "comm" });

	(void)state;
	assert_string_equal(table(t, 0), "COMM COUNT\n"
					 "bash     2\n"
					 "awk      1\n"
					 "zsh      1\n");
	assert_string_equal(table(t, 1), "COMM COUNT\nbash     2\n");
	assert_string_equal(tally_json(t, 2), "{\"rows\":[{\"comm\":\"bash\",\"count\":2},"
					      "{\"comm\":\"awk\",\"count\":1}]}\n");
	skep_tally_clear(t);
	assert_string_equal(table(t, 0), "COMM COUNT\n");
	skep_tally_add(t, &calls[1], sizeof(calls[1]));
	assert_string_equal(table(t, 0), "COMM COUNT\nzsh      1\n");
	skep_tally_free(t);
	t = tally_of((struct skep_tally_opts){ .by = "high,address", .sort = "address,-high" });
	assert_string_equal(table(t, 0), "HIGH ADDRESS   COUNT\n"
					 "   2 9.0.0.1       1\n"
					 "   2 10.0.0.9      1\n"
					 "   1 10.0.0.9      1\n"
					 "   1 10.0.0.10     1\n");
	skep_tally_free(t);
}

static void columns_are_summed(void **state)
{
	struct skep_tally *t = tally_of((struct skep_tally_opts){ .by = "comm",
								  .sum = "bytes,ret",
								  .avg = "latency,ret",
								  .min = "ratio",
								  .max = "bytes",
								  .sort = "-sum_bytes" });

	(void)state;
	assert_string_equal(
		table(t, 0),
		"COMM COUNT SUM_BYTES SUM_RET AVG_LATENCY AVG_RET MIN_RATIO MAX_BYTES\n"
		"zsh      1   4.0 KiB       5    2.000 ms     5.0       1.5   4.0 KiB\n"
		"bash     2     150 B      -2    2.000 us    -1.0       0.5     100 B\n"
		"awk      1      50 B       5        0 ns     5.0        -1      50 B\n");
	assert_non_null(strstr(tally_json(t, 0),
			       "{\"comm\":\"bash\",\"count\":2,\"sum_bytes\":150,\"sum_ret\":-2,"
			       "\"avg_latency\":2000.0,\"avg_ret\":-1.0,\"min_ratio\":0.5,"
			       "\"max_bytes\":100}"));
	skep_tally_free(t);
	t = tally_of((struct skep_tally_opts){ .sum = "bytes" });
	assert_string_equal(table(t, 0), "COUNT SUM_BYTES\n    4   4.2 KiB\n");
	skep_tally_free(t);
}

static void groups_beyond_the_limit_are_others(void **state)
{
	struct skep_tally *t =
		tally_of((struct skep_tally_opts){ .by = "comm", .sum = "bytes", .most = 2 });

	(void)state;
	assert_string_equal(table(t, 0), "COMM  COUNT SUM_BYTES\n"
					 "bash      2     150 B\n"
					 "zsh       1   4.0 KiB\n"
					 "other     1      50 B\n");
	assert_non_null(strstr(tally_json(t, 1), "],\"other\":{\"count\":1,\"sum_bytes\":50}}"));
	skep_tally_free(t);
	t = tally_of((struct skep_tally_opts){ .by = "comm,ret", .most = 1 });
	assert_string_equal(table(t, 0), "COMM  RET COUNT\n"
					 "bash   -2     1\n"
					 "other   -     3\n");
	skep_tally_free(t);
}

static void short_records_are_a_group_of_their_own(void **state)
{
	struct skep_tally *t =
		tally_of((struct skep_tally_opts){ .by = "comm", .sum = "latency,ratio" });
	struct skep_ordering *order = skep_ordering_new(schema, "comm", &err);

	(void)state;
	skep_tally_add(t, &calls[0], offsetof(struct call, latency));
	assert_non_null(strstr(table(t, 0), "\n-        1           -         -\n"));
	assert_non_null(
		strstr(tally_json(t, 0), "{\"comm\":null,\"count\":1,\"sum_latency\":null"));
	assert_true(skep_ordering_compare(order, &calls[0], 8, &calls[0], sizeof(calls[0])) < 0);
	assert_int_equal(skep_ordering_compare(order, &calls[0], 8, &calls[1], 8), 0);
	skep_ordering_free(order);
	skep_tally_free(t);
}

static void memory_is_bounded(void **state)
{
	struct skep_tally_opts opts = { .size = sizeof(opts), .by = "pid,bytes" };
	struct skep_tally *t = skep_tally_new(schema, &opts, &err);
	struct call call = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 50000; i++) {
		call.pid = i;
		assert_int_equal(skep_tally_add(t, &call, sizeof(call)), 0);
	}
	assert_non_null(strstr(tally_json(t, 1), "],\"other\":{\"count\":40000}}"));
	skep_tally_free(t);
}

static int refusal(struct skep_tally_opts opts)
{
	struct skep_tally *t;

	opts.size = sizeof(opts);
	err = (struct skep_error){ 0 };
	t = skep_tally_new(schema, &opts, &err);
	skep_tally_free(t);
	return t ? 0 : err.code;
}

static void columns_that_there_are_not_are_named(void **state)
{
	(void)state;
	assert_int_equal(refusal((struct skep_tally_opts){ .by = "com" }), ENOENT);
	assert_error_says(&err, "there is no column 'com'; did you mean 'comm'?");
	assert_int_equal(refusal((struct skep_tally_opts){ .by = "comm,comm" }), EINVAL);
	assert_error_says(&err, "'comm' is named twice");
	assert_int_equal(refusal((struct skep_tally_opts){ .by = "comm,," }), EINVAL);
	assert_int_equal(refusal((struct skep_tally_opts){ .sum = "comm" }), EINVAL);
	assert_error_says(&err, "column 'comm' has no numbers");
	assert_int_equal(refusal((struct skep_tally_opts){ .by = "comm", .sort = "pid" }), ENOENT);
	assert_error_says(&err, "there are: comm count");
	assert_null(skep_ordering_new(schema, "-nothing", &err));
	assert_error_says(&err, "there are: pid ret bytes");
	assert_null(skep_ordering_new(NULL, "pid", &err));
	assert_null(skep_ordering_new(schema, NULL, &err));
	assert_null(skep_ranking_new(schema, "pid", 0, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_tally_new(NULL, NULL, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_put_in_order_by_columns),
		cmocka_unit_test(only_the_first_are_kept),
		cmocka_unit_test(rankings_keep_the_first_of_many),
		cmocka_unit_test(records_are_counted_by_columns),
		cmocka_unit_test(columns_are_summed),
		cmocka_unit_test(groups_beyond_the_limit_are_others),
		cmocka_unit_test(short_records_are_a_group_of_their_own),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(columns_that_there_are_not_are_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
