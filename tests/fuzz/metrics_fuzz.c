// SPDX-License-Identifier: MIT
/*
 * Any bytes as descriptions of metrics, as the words of an option and as a file; as the value of a
 * label; and as what a client says it accepts.
 */
#include <string.h>

#include "btf/builder.h"
#include "fuzz/fuzz.h"
#include "stream/prometheus/prometheus.h"

static const char option[] = "calls of pid by name=text pid in events scale 1e-9 buckets log2 1 5";
static const char file[] =
	"metrics:\n  - name: a\n    type: histogram\n    help: 'x'\n    value: pid\n"
	"    labels: [text, {name: b, from: pid}]\n    buckets: [1, 2.5]\n"
	"programs: [{\"metrics\": {\"counters\": [{\"name\": \"c\"}]}}, &x y, *x]\n";

/* A good text with a few bytes of the input in it. Allocated. */
static char *spoil(const char *good, const uint8_t *data, size_t len)
{
	size_t good_len = strlen(good);
	char *text = malloc(good_len + 1);

	FUZZ_ASSERT(text);
	memcpy(text, good, good_len + 1);
	for (size_t i = 0; i + 1 < len && i < 8; i += 2)
		text[data[i] % good_len] = (char)data[i + 1];
	return text;
}

static struct skep_schema *new_schema(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_schema *schema;
	struct skep_btf *btf;
	size_t len;
	void *raw;

	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_array(b, 1, 2, 60);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", 64);
	skep_btf_builder_member(b, "pid", 2, 0, 0);
	skep_btf_builder_member(b, "text", 3, 32, 0);
	raw = skep_btf_builder_finish(b, &len);
	btf = skep_btf_new(raw, len, NULL, NULL);
	schema = skep_schema_new(btf, 4, NULL, NULL);
	FUZZ_ASSERT(schema);
	skep_btf_free(btf);
	free(raw);
	skep_btf_builder_free(b);
	return schema;
}

/* Each line is a comment, or has its labels between quotes that end in it. */
static void check_line(const char *line, const char *end)
{
	bool is_quoted = false;

	if (*line == '#')
		return;
	for (; line < end; line++) {
		FUZZ_ASSERT((unsigned char)*line >= ' ');
		if (*line == '\\')
			line++;
		else if (*line == '"')
			is_quoted = !is_quoted;
	}
	FUZZ_ASSERT(!is_quoted && line == end);
}

static void expose(struct skep_metrics *m, const struct skep_schema *schema, const uint8_t *data,
		   size_t len)
{
	const struct skep_source source = { .name = "events", .schema = schema };
	struct skep_text text = { 0 };
	const char *line, *end;

	/* So that there is at least one, and of each length of record. */
	skep_metrics_describe(m, SKEP_METRIC_COUNTER, "fuzz_zz by text pid", NULL);
	for (size_t at = 0; at < len && at < 64 * 8; at += 64)
		skep_metrics_record(m, &source, data + at, len - at < 64 ? len - at : 64, NULL);
	skep_metrics_write(m, len % 2, &text);
	FUZZ_ASSERT(!text.failed && text.len && text.data[text.len - 1] == '\n');
	for (line = text.data; line < text.data + text.len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text.data + text.len - line));
		FUZZ_ASSERT(end);
		check_line(line, end);
	}
	skep_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_metrics m = { .max_sets = 3 };
	struct skep_schema *schema = new_schema();
	char *given = strndup((const char *)data, len);
	char *spoiled_option = spoil(option, data, len), *spoiled_file = spoil(file, data, len);
	struct skep_error err = { 0 };
	int ret;

	for (int kind = SKEP_METRIC_COUNTER; kind <= SKEP_METRIC_HISTOGRAM; kind++) {
		skep_metrics_describe(&m, (enum skep_metric_kind)kind, given, NULL);
		skep_metrics_describe(&m, (enum skep_metric_kind)kind, spoiled_option, NULL);
	}
	ret = skep_metrics_read_yaml(&m, spoiled_file, strlen(spoiled_file), "f", &err);
	FUZZ_ASSERT(ret == -err.code);
	err = (struct skep_error){ 0 };
	ret = skep_metrics_read_yaml(&m, (const char *)data, len, "f", &err);
	FUZZ_ASSERT(ret == -err.code);
	skep_prometheus_prefers_open_metrics(given);
	expose(&m, schema, data, len);
	skep_metrics_free(&m);
	skep_schema_free(schema);
	free(given);
	free(spoiled_option);
	free(spoiled_file);
	return 0;
}
