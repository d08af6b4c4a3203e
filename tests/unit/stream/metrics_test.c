// SPDX-License-Identifier: MIT
/* Metrics from records: descriptions, sets of labels and their limits, and the text of both
 * formats. */
#include <math.h>

#include "unit/record/support.h"

#include "stream/metrics/metrics.h"

struct event {
	uint64_t ns;
	double load;
	uint32_t pid;
	int32_t ret;
	char comm[16];
	uint32_t how;
};

static struct skep_schema *schema;
static struct skep_source events, others;
static struct skep_metrics m;
static struct skep_error err;
static char shown[1 << 16];

static int set_up(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_array(b, CHAR, U32, 16);
	skep_btf_builder_enum(b, "how", 4, false);
	skep_btf_builder_value(b, "READ", 1);
	skep_btf_builder_value(b, "WRITE", 5);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	skep_btf_builder_member(b, "ns", U64, 8 * offsetof(struct event, ns), 0);
	skep_btf_builder_member(b, "load", DOUBLE, 8 * offsetof(struct event, load), 0);
	skep_btf_builder_member(b, "pid", U32, 8 * offsetof(struct event, pid), 0);
	skep_btf_builder_member(b, "ret", S32, 8 * offsetof(struct event, ret), 0);
	skep_btf_builder_member(b, "how", N_BASE + 1, 8 * offsetof(struct event, how), 0);
	skep_btf_builder_member(b, "comm", N_BASE, 8 * offsetof(struct event, comm), 0);
	schema = last_type(b);
	events = (struct skep_source){ .name = "events", .schema = schema };
	others = (struct skep_source){ .name = "others", .schema = schema, .index = 3 };
	m = (struct skep_metrics){ .max_sets = 1000 };
	err = (struct skep_error){ 0 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_metrics_free(&m);
	skep_schema_free(schema);
	return 0;
}

static void describe(enum skep_metric_kind kind, const char *text)
{
	assert_ok(!skep_metrics_describe(&m, kind, text, &err), &err);
}

static void send(const struct skep_source *source, struct event e)
{
	assert_ok(!skep_metrics_record(&m, source, &e, sizeof(e), &err), &err);
}

static const char *show(bool is_open_metrics)
{
	struct skep_text text = { 0 };

	skep_metrics_write(&m, is_open_metrics, &text);
	snprintf(shown, sizeof(shown), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return shown;
}

static void shows(const char *line)
{
	if (!strstr(show(false), line))
		fail_msg("no '%s' in:\n%s", line, shown);
}

static void shows_not(const char *line)
{
	if (strstr(show(false), line))
		fail_msg("'%s' in:\n%s", line, shown);
}

static void records_are_counted_without_any_description(void **state)
{
	(void)state;
	send(&events, (struct event){ 0 });
	send(&events, (struct event){ 0 });
	send(&others, (struct event){ 0 });
	skep_metrics_missed(&m, &others, 7);
	assert_string_equal(
		show(false),
		"# HELP skep_records_total Records that came to this output.\n"
		"# TYPE skep_records_total counter\n"
		"skep_records_total{source=\"events\"} 2\n"
		"skep_records_total{source=\"others\"} 1\n"
		"# HELP skep_records_missed_total Records that were lost before they came to this "
		"output.\n"
		"# TYPE skep_records_missed_total counter\n"
		"skep_records_missed_total{source=\"events\"} 0\n"
		"skep_records_missed_total{source=\"others\"} 7\n");
	assert_int_equal(skep_metrics_check_use(&m, &err), 0);
}

static void counters_count_records_or_add_values(void **state)
{
	(void)state;
	describe(SKEP_METRIC_COUNTER, "calls by comm  code=ret");
	describe(SKEP_METRIC_COUNTER, "waited_seconds_total of ns scale 1e-9");
	describe(SKEP_METRIC_COUNTER, "seen in others");
	send(&events, (struct event){ .ns = 500000000, .ret = -2, .comm = "cat" });
	send(&events, (struct event){ .ns = 1000000000, .ret = -2, .comm = "cat" });
	send(&others, (struct event){ .comm = "ls" });
	shows("# TYPE calls_total counter\n");
	shows("calls_total{comm=\"cat\",code=\"-2\"} 2\n");
	shows("calls_total{comm=\"ls\",code=\"0\"} 1\n");
	shows("waited_seconds_total 1.5\n");
	shows("seen_total 1\n");
}

static void gauges_have_the_last_value(void **state)
{
	(void)state;
	describe(SKEP_METRIC_GAUGE, "load of load by pid");
	send(&events, (struct event){ .load = 3, .pid = 1 });
	send(&events, (struct event){ .load = -0.1, .pid = 1 });
	send(&events, (struct event){ .load = 1e300, .pid = 2 });
	shows("load{pid=\"1\"} -0.1\n");
	shows("load{pid=\"2\"} 1e+300\n");
}

static void names_have_numbers_behind_them(void **state)
{
	(void)state;
	describe(SKEP_METRIC_COUNTER, "a of how by how");
	send(&events, (struct event){ .how = 5 });
	send(&events, (struct event){ .how = 7 });
	shows("a_total{how=\"WRITE\"} 5\n");
	shows("a_total{how=\"7\"} 7\n");
}

static void histograms_sum_up_their_buckets(void **state)
{
	static const uint64_t values[] = { 1, 2, 3, 10, 11, 1000 };

	(void)state;
	describe(SKEP_METRIC_HISTOGRAM, "size of ns by comm buckets 2 10 100.5");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		send(&events, (struct event){ .ns = values[i], .comm = "a" });
	shows("# TYPE size histogram\n"
	      "size_bucket{comm=\"a\",le=\"2.0\"} 2\n"
	      "size_bucket{comm=\"a\",le=\"10.0\"} 4\n"
	      "size_bucket{comm=\"a\",le=\"100.5\"} 5\n"
	      "size_bucket{comm=\"a\",le=\"+Inf\"} 6\n"
	      "size_sum{comm=\"a\"} 1027\n"
	      "size_count{comm=\"a\"} 6\n");
}

static void histograms_are_by_powers_of_two_unless_told(void **state)
{
	(void)state;
	describe(SKEP_METRIC_HISTOGRAM, "a of ns");
	describe(SKEP_METRIC_HISTOGRAM, "b of ns buckets log2 -1 2 scale 1e-3");
	send(&events, (struct event){ .ns = 5 });
	send(&events, (struct event){ .ns = UINT64_MAX });
	shows("a_bucket{le=\"1.0\"} 0\n");
	shows("a_bucket{le=\"4.0\"} 0\n");
	shows("a_bucket{le=\"8.0\"} 1\n");
	shows("a_bucket{le=\"34359738368.0\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum "
	      "1.8446744073709552e+19\na_count 2\n");
	shows("b_bucket{le=\"0.0005\"} 0\nb_bucket{le=\"0.001\"} 0\nb_bucket{le=\"0.002\"} 0\n"
	      "b_bucket{le=\"0.004\"} 0\nb_bucket{le=\"+Inf\"} 2\n");
}

static void sets_of_labels_are_bounded(void **state)
{
	(void)state;
	m.max_sets = 3;
	describe(SKEP_METRIC_COUNTER, "n by pid comm");
	for (uint32_t pid = 0; pid < 10; pid++)
		send(&events, (struct event){ .pid = pid, .comm = "x" });
	send(&events, (struct event){ .pid = 1, .comm = "x" });
	shows("n_total{pid=\"1\",comm=\"x\"} 2\n");
	shows("n_total{pid=\"other\",comm=\"other\"} 7\n");
	shows_not("pid=\"3\"");
	shows("skep_metric_other_total{metric=\"n_total\"} 7\n");
}

static void labels_are_escaped_and_cut(void **state)
{
	struct event e = { .comm = "a\"b\\c\n\x1b\xff\xc3\xa4" };
	struct skep_source odd = { .name = "a\"b\n\x80", .schema = schema, .index = 1 };

	(void)state;
	describe(SKEP_METRIC_COUNTER, "n by comm");
	send(&odd, e);
	shows("n_total{comm=\"a\\\"b\\\\\\\\c\\\\n\\\\x1b\\\\xff\xc3\xa4\"} 1\n");
	shows("skep_records_total{source=\"a\\\"b\\\\n\\\\x80\"} 1\n");
}

static void long_labels_are_cut_at_a_character(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_source source = { .name = "long", .index = 1 };
	char text[400], expected[400];
	struct skep_schema *longer;

	(void)state;
	skep_btf_builder_array(b, CHAR, U32, sizeof(text));
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "long", sizeof(text));
	skep_btf_builder_member(b, "text", N_BASE, 0, 0);
	source.schema = longer = last_type(b);
	memset(text, 'x', sizeof(text));
	text[255] = '\xc3';
	text[256] = '\xa4';
	describe(SKEP_METRIC_COUNTER, "n by text");
	assert_false(skep_metrics_record(&m, &source, text, sizeof(text), &err));
	snprintf(expected, sizeof(expected), "n_total{text=\"%.255s...\"} 1\n", text);
	shows(expected);
	skep_schema_free(longer);
}

static void records_without_a_number_are_counted_as_such(void **state)
{
	(void)state;
	describe(SKEP_METRIC_COUNTER, "bytes of ret");
	describe(SKEP_METRIC_GAUGE, "load of load");
	describe(SKEP_METRIC_COUNTER, "short by comm");
	send(&events, (struct event){ .ret = -5, .load = NAN });
	assert_false(skep_metrics_record(&m, &events, "1234", 4, &err));
	shows("skep_metric_skipped_total{metric=\"bytes_total\"} 2\n");
	shows("skep_metric_skipped_total{metric=\"load\"} 2\n");
	shows("short_total{comm=\"\"} 2\n");
	shows_not("\nload ");
}

static void openmetrics_has_its_own_rules(void **state)
{
	struct skep_metric quoted = skep_metric_new(SKEP_METRIC_GAUGE);

	(void)state;
	describe(SKEP_METRIC_COUNTER, "calls by pid");
	quoted.name = strdup("quoted");
	quoted.column = strdup("pid");
	quoted.help = strdup("A \"word\\\n");
	assert_false(skep_metrics_add(&m, &quoted, &err));
	send(&events, (struct event){ .pid = 1 });
	assert_non_null(strstr(show(true), "# TYPE calls counter\ncalls_total{pid=\"1\"} 1\n"));
	assert_non_null(strstr(shown, "# HELP quoted A \\\"word\\\\\\n\n"));
	assert_non_null(strstr(shown, "# TYPE skep_records counter\n"));
	assert_string_equal(shown + strlen(shown) - 6, "# EOF\n");
	shows("# HELP quoted A \"word\\\\\\n\n");
	shows_not("EOF");
}

static void names_are_made_valid(void **state)
{
	(void)state;
	describe(SKEP_METRIC_COUNTER, "9lives.of-it:all by a.b=pid 2nd=ret");
	send(&events, (struct event){ .pid = 1 });
	shows("_9lives_of_it:all_total{a_b=\"1\",_2nd=\"0\"} 1\n");
}

static void wrong_descriptions_are_refused(void **state)
{
	static const struct {
		enum skep_metric_kind kind;
		const char *text, *says;
	} cases[] = {
		{ SKEP_METRIC_COUNTER, "", "a metric needs a name" },
		{ SKEP_METRIC_COUNTER, "   ", "a metric needs a name" },
		{ SKEP_METRIC_COUNTER, "n by", "nothing follows the word 'by'" },
		{ SKEP_METRIC_COUNTER, "n by of pid", "nothing follows the word 'by'" },
		{ SKEP_METRIC_COUNTER, "n of", "nothing follows the word 'of'" },
		{ SKEP_METRIC_COUNTER, "n of pid of ret", "'of' of a metric is given twice" },
		{ SKEP_METRIC_COUNTER, "n pid", "'pid' is no word of a metric's description" },
		{ SKEP_METRIC_COUNTER, "n by =pid", "is no LABEL=COLUMN" },
		{ SKEP_METRIC_COUNTER, "n by pid=", "is no LABEL=COLUMN" },
		{ SKEP_METRIC_COUNTER, "n by pid pid", "it has label 'pid' twice" },
		{ SKEP_METRIC_COUNTER, "n by __x=pid", "begins with two underlines" },
		{ SKEP_METRIC_COUNTER, "n buckets 1", "only a histogram has buckets" },
		{ SKEP_METRIC_COUNTER, "n scale nan", "'nan' is no number" },
		{ SKEP_METRIC_COUNTER, "n scale 1x", "'1x' is no number" },
		{ SKEP_METRIC_COUNTER, "n scale", "'' is no number" },
		{ SKEP_METRIC_COUNTER, "n scale -1", "no number above 0" },
		{ SKEP_METRIC_COUNTER, "skep_records", "there is a metric of this name" },
		{ SKEP_METRIC_COUNTER, "taken", "there is a metric of this name" },
		{ SKEP_METRIC_GAUGE, "spread_sum of pid", "there is a metric of this name" },
		{ SKEP_METRIC_GAUGE, "n", "it is a gauge and needs the column" },
		{ SKEP_METRIC_HISTOGRAM, "n", "it is a histogram and needs the column" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid by le=ret", "label 'le' is that of" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets", "follows the word 'buckets'" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets 1 1", "do not ascend" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets 1 inf", "'inf' is no number" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets log2 5 1", "two whole numbers" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets log2 1", "is no number" },
		{ SKEP_METRIC_HISTOGRAM, "n of pid buckets log2 1e99 2e99", "two whole numbers" },
	};
	char many[512] = "n by";

	(void)state;
	describe(SKEP_METRIC_COUNTER, "taken");
	describe(SKEP_METRIC_HISTOGRAM, "spread of pid");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct skep_error){ 0 };
		assert_true(skep_metrics_describe(&m, cases[i].kind, cases[i].text, &err) < 0);
		assert_error_says(&err, cases[i].says);
	}
	for (int i = 0; i < 17; i++)
		sprintf(many + strlen(many), " l%d=pid", i);
	assert_int_equal(skep_metrics_describe(&m, SKEP_METRIC_COUNTER, many, &err), -E2BIG);
	for (int i = 0; i < 254; i++) {
		snprintf(many, sizeof(many), "m%d", i);
		describe(SKEP_METRIC_COUNTER, many);
	}
	assert_int_equal(skep_metrics_describe(&m, SKEP_METRIC_COUNTER, "x", &err), -E2BIG);
}

static void columns_that_no_source_has_are_told(void **state)
{
	const struct event e = { 0 };

	(void)state;
	describe(SKEP_METRIC_COUNTER, "a by com in events");
	assert_int_equal(skep_metrics_record(&m, &events, &e, sizeof(e), &err), -ENOENT);
	assert_error_says(&err, "metric 'a_total'");
	assert_error_says(&err, "records of 'events' have no column 'com'");
	/* Others are none of its business. */
	send(&others, e);
	assert_int_equal(skep_metrics_check_use(&m, &err), -ENOENT);
	shows("skep_records_total{source=\"others\"} 1\n");
}

static void metrics_of_text_columns_need_a_number(void **state)
{
	const struct event e = { 0 };

	(void)state;
	describe(SKEP_METRIC_GAUGE, "a of comm");
	describe(SKEP_METRIC_COUNTER, "b");
	/* One of them is enough for the record to be taken; the other is told at the end. */
	send(&events, e);
	assert_int_equal(skep_metrics_check_use(&m, &err), -EINVAL);
	assert_error_says(&err, "column 'comm' of 'events' has text, and a number is needed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(records_are_counted_without_any_description, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(counters_count_records_or_add_values, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(gauges_have_the_last_value, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_have_numbers_behind_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(histograms_sum_up_their_buckets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(histograms_are_by_powers_of_two_unless_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(sets_of_labels_are_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(labels_are_escaped_and_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_labels_are_cut_at_a_character, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(records_without_a_number_are_counted_as_such,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(openmetrics_has_its_own_rules, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_are_made_valid, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_descriptions_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(columns_that_no_source_has_are_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(metrics_of_text_columns_need_a_number, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("stream_metrics", tests, NULL, NULL);
}
