// SPDX-License-Identifier: MIT
/* Filters on a record of 64 bytes: prints nanoseconds a record and the filter, a line each. */
#include <skep/filter.h>

#include <stdlib.h>
#include <string.h>

#include "btf/builder.h"
#include "clock.h"

#define RECORDS 20000000

struct event {
	uint64_t time;
	uint32_t pid, uid;
	int32_t ret;
	uint32_t daddr;
	char comm[16];
	uint64_t latency;
	char path[16];
};

static const char *const filters[] = {
	"pid == 4242",
	"pid == 4242 && comm ~ ^ba && !ret",
	"pid == 4242 && comm == bash && latency > 1000000",
	"uid in (0, 1, 2, 3, 4, 5, 6, 7, 8, 1000)",
	"ret < 0 || path ~ share",
	"comm ~ ^[bz]a?sh$",
};

static struct skep_schema *make_schema(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_schema *schema;
	struct skep_btf *btf;
	size_t len;
	void *raw;

	skep_btf_builder_int(b, "u32", 4, 0);
	skep_btf_builder_int(b, "u64", 8, 0);
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_array(b, 4, 1, 16);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	skep_btf_builder_member(b, "time", 2, 0, 0);
	skep_btf_builder_member(b, "pid", 1, 64, 0);
	skep_btf_builder_member(b, "uid", 1, 96, 0);
	skep_btf_builder_member(b, "ret", 3, 128, 0);
	skep_btf_builder_member(b, "daddr", 1, 160, 0);
	skep_btf_builder_member(b, "comm", 5, 192, 0);
	skep_btf_builder_member(b, "latency", 2, 320, 0);
	skep_btf_builder_member(b, "path", 5, 384, 0);
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_new(raw, len, NULL, NULL);
	schema = skep_schema_new(btf, 6, NULL, NULL);
	skep_btf_free(btf);
	free(raw);
	return schema;
}

static int measure(const struct skep_schema *schema, const char *text, int64_t n)
{
	static struct event events[64];
	struct skep_error err = { 0 };
	struct skep_filter *filter = skep_filter_new(schema, text, &err);
	int64_t start = now_ns(CLOCK_PROCESS_CPUTIME_ID), found = 0;

	if (!filter) {
		skep_error_print(&err, stderr);
		return 1;
	}
	for (int i = 0; i < 64; i++) {
		events[i] =
			(struct event){ .pid = 4242, .uid = 1000, .ret = 0, .latency = 2000000 };
		memcpy(events[i].comm, "bash", 5);
		memcpy(events[i].path, "/usr/share", 11);
	}
	for (int64_t i = 0; i < n; i++)
		found += skep_filter_matches(filter, &events[i % 64], sizeof(events[0]));
	printf("%.1f %s\n", (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)n, text);
	skep_filter_free(filter);
	return found != n;
}

int main(int argc, char **argv)
{
	struct skep_schema *schema = make_schema();
	int64_t n = argc > 1 ? strtoll(argv[1], NULL, 10) : RECORDS;
	int ret = !schema;

	for (size_t i = 0; !ret && i < sizeof(filters) / sizeof(filters[0]); i++)
		ret = measure(schema, filters[i], n);
	skep_schema_free(schema);
	return ret;
}
