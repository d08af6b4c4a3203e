// SPDX-License-Identifier: MIT
/* Metrics described in files. */
#include <errno.h>
#include <time.h>

#include "test.h"

#include "stream/metrics/metrics.h"

static struct skep_metrics m;
static struct skep_error err;

static int set_up(void **state)
{
	(void)state;
	m = (struct skep_metrics){ .max_sets = 1000 };
	err = (struct skep_error){ 0 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_metrics_free(&m);
	return 0;
}

static int read_yaml(const char *text)
{
	return skep_metrics_read_yaml(&m, text, strlen(text), "m.yaml", &err);
}

static void is_latency(const struct skep_metric *metric)
{
	assert_int_equal(metric->kind, SKEP_METRIC_HISTOGRAM);
	assert_string_equal(metric->name, "latency_seconds");
	assert_string_equal(metric->help, "How long it took: to the end.");
	assert_string_equal(metric->source, "events");
	assert_string_equal(metric->column, "duration");
	assert_true(metric->scale == 1e-9);
	assert_int_equal(metric->labels.len, 2);
	assert_string_equal(metric->labels.items[0].column, "comm");
	assert_string_equal(metric->labels.items[1].name, "user");
	assert_string_equal(metric->labels.items[1].column, "uid");
	assert_int_equal(metric->bounds.len, 2);
	assert_true(metric->bounds.items[1] == 0.5);
}

static void metrics_are_described_in_yaml(void **state)
{
	(void)state;
	assert_ok(!read_yaml("metrics:\n"
			     "  - name: latency_seconds   # comment\n"
			     "    type: histogram\n"
			     "    help: 'How long it took: to the end.'\n"
			     "    source: events\n"
			     "    value: duration\n"
			     "    scale: 1e-9\n"
			     "    labels:\n"
			     "      - comm\n"
			     "      - {name: user, from: uid}\n"
			     "    buckets: [0.25, .5]\n"
			     "  - name: spread\n"
			     "    type: histogram\n"
			     "    value: bytes\n"
			     "    buckets: log2\n"
			     "  - name: events\n"),
		  &err);
	assert_int_equal(m.items.len, 3);
	is_latency(&m.items.items[0]);
	assert_int_equal(m.items.items[1].bounds.len, 36);
	assert_string_equal(m.items.items[2].name, "events_total");
}

static void metrics_are_described_in_json(void **state)
{
	(void)state;
	assert_ok(!read_yaml("{\t\"metrics\": [\n\t{\"name\": \"latency_seconds\", \"type\": "
			     "\"histogram\",\n\t\t\"help\": \"How long it took\\u003a to the "
			     "end.\", \"source\": \"events\",\n\"value\":\"duration\",\"scale\":"
			     "1e-9,\"labels\":[\"comm\",{\"name\":\"user\",\"from\":\"uid\"}],"
			     "\"buckets\":[0.25,0.5]}]}\n"),
		  &err);
	is_latency(&m.items.items[0]);
}

/* The form of eunomia-exporter's examples. */
static void counters_of_eunomia_exporter_are_read(void **state)
{
	static const char one[] = "programs:\n"
				  "  - name: opensnoop\n"
				  "    metrics:\n"
				  "      counters:\n"
				  "        - name: eunomia_file_open_counter\n"
				  "          description: test\n"
				  "          labels:\n"
				  "            - name: pid\n"
				  "            - name: filename\n"
				  "              from: fname\n"
				  "    compiled_ebpf_filename: package.json\n";

	(void)state;
	assert_ok(!read_yaml(one), &err);
	assert_int_equal(m.items.len, 1);
	assert_string_equal(m.items.items[0].name, "eunomia_file_open_counter_total");
	assert_string_equal(m.items.items[0].help, "test");
	assert_string_equal(m.items.items[0].labels.items[0].column, "pid");
	assert_string_equal(m.items.items[0].labels.items[1].column, "fname");
	assert_false(m.items.items[0].is_optional);
	assert_ok(!read_yaml("{\"programs\": [{\"name\": \"a\", \"ebpf_data\": {\"x\": [1, 2]}, "
			     "\"metrics\": {\"counters\": [{\"name\": \"x\"}]}},"
			     "{\"name\": \"b\"}]}"),
		  &err);
	assert_true(m.items.items[1].is_optional);
}

static void wrong_files_are_refused_with_their_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "it describes no metrics" },
		{ "[]", "it describes no metrics" },
		{ "metric: []", "it describes no metrics" },
		{ "metrics: 5", "m.yaml:1:10: this is no list" },
		{ "metrics: [5]", "m.yaml:1:11: this is no metric" },
		{ "metrics: [{}]", "this metric has no name" },
		{ "metrics: [{name: [x]}]", "this is no text" },
		{ "metrics: [{name: ''}]", "this is no text" },
		{ "metrics: [{name: \"a\\0b\"}]", "this is no text" },
		{ "metrics: [{name: a, name: b}]", "'name' was given before" },
		{ "metrics: [{name: a, help: b, description: c}]", "was given before" },
		{ "metrics:\n - name: a\n   typ: counter", "m.yaml:3:4: a metric has no 'typ'" },
		{ "metrics: [{name: a, type: summary}]", "and not 'summary'" },
		{ "metrics: [{name: a, type: [x]}]", "and not ''" },
		{ "metrics: [{name: a, scale: x}]", "this is no number" },
		{ "metrics: [{name: a, buckets: log10}]", "and not 'log10'" },
		{ "metrics: [{name: a, buckets: {}}]", "this is no list" },
		{ "metrics: [{name: a, buckets: [x]}]", "this is no number" },
		{ "metrics: [{name: a, labels: comm}]", "this is no list" },
		{ "metrics: [{name: a, labels: [{from: x}]}]", "this label has no name" },
		{ "metrics: [{name: a, labels: [[x]]}]", "this is no text" },
		{ "metrics: [{name: a, type: gauge}]", "it is a gauge and needs" },
		{ "metrics: [{name: a}, {name: a}]", "m.yaml:1:22" },
		{ "metrics: [", "neither YAML nor JSON" },
		{ "metrics: *x", "neither YAML nor JSON" },
		{ "\xff\xfe\xff", "neither YAML nor JSON" },
		{ "programs: [{metrics: {counters: 5}}]", "this is no list" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct skep_error){ 0 };
		if (!read_yaml(cases[i].text))
			fail_msg("taken: %s", cases[i].text);
		assert_error_says(&err, cases[i].says);
		tear_down(NULL);
		m = (struct skep_metrics){ 0 };
	}
}

/* Nested deep, repeated by aliases, in circles: bounded time and memory. */
static void bombs_are_harmless(void **state)
{
	static char text[1 << 20];
	clock_t begin = clock();
	size_t len;

	(void)state;
	memset(text, '[', sizeof(text));
	assert_true(skep_metrics_read_yaml(&m, text, sizeof(text), "m.yaml", &err) < 0);
	for (size_t i = 0; i + 5 < sizeof(text); i += 5)
		memcpy(text + i, "{\"a\":", 5);
	assert_true(skep_metrics_read_yaml(&m, text, 500000, "m.yaml", &err) < 0);
	assert_true(read_yaml("metrics: &a [*a, *a]") < 0);
	assert_false(read_yaml("metrics: [&a {name: x, labels: [*a]}]"));
	len = (size_t)sprintf(text, "x: &l [1, 1, 1]\nmetrics: [");
	while (len < sizeof(text) - 100)
		len += (size_t)sprintf(text + len, "{name: a%zu, labels: *l},", len);
	sprintf(text + len, "]");
	assert_true(read_yaml(text) < 0);
	assert_true(clock() - begin < 20 * CLOCKS_PER_SEC);
}

static void files_that_cannot_be_read_are_told(void **state)
{
	static const char zeros[4096];
	char path[] = "/tmp/skep-metrics-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	(void)state;
	assert_int_equal(skep_metrics_read_file(&m, "/nowhere/m.yaml", &err), -ENOENT);
	assert_error_says(&err, "/nowhere/m.yaml");
	assert_int_equal(skep_metrics_read_file(&m, "/tmp", &err), -EISDIR);
	fputs("metrics: [{name: a}]", file);
	fflush(file);
	assert_ok(!skep_metrics_read_file(&m, path, &err), &err);
	for (int i = 0; i < 300; i++)
		fwrite(zeros, 1, sizeof(zeros), file);
	fclose(file);
	assert_int_equal(skep_metrics_read_file(&m, path, &err), -EFBIG);
	assert_error_says(&err, "File too large");
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(metrics_are_described_in_yaml, set_up, tear_down),
		cmocka_unit_test_setup_teardown(metrics_are_described_in_json, set_up, tear_down),
		cmocka_unit_test_setup_teardown(counters_of_eunomia_exporter_are_read, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(wrong_files_are_refused_with_their_place, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(bombs_are_harmless, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_that_cannot_be_read_are_told, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("stream_metrics_file", tests, NULL, NULL);
}
