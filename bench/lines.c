// SPDX-License-Identifier: MIT
/*
 * Records of 64 bytes with eight members as lines in a file:
 *
 *	lines FORM plain|meaning LINES FILE
 *
 * FORM is text, jsonl, csv, logfmt, or snprintf, which writes the same JSON lines as a hand-written
 * program does. Prints nanoseconds of CPU time a line, and bytes a line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <skep/view.h>

#include "btf/builder.h"
#include "clock.h"
#include "stream/output.h"

#define RECORDS 1024

struct event {
	uint64_t time;
	uint32_t pid, parent;
	char comm[16];
	uint64_t bytes;
	int64_t ret;
	uint64_t took;
	uint64_t inode;
};

static struct event events[RECORDS];

static void make_events(void)
{
	uint64_t random = 88172645463325252ull;

	for (int i = 0; i < RECORDS; i++) {
		struct event *e = &events[i];

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		e->time = 5000000000000 + (uint64_t)i * 12345678;
		e->pid = random % 4194304;
		e->parent = random >> 22 & 0xfff;
		snprintf(e->comm, sizeof(e->comm), "%s-%u", random & 1 ? "kworker" : "postgres",
			 (unsigned int)(random >> 60));
		e->bytes = random >> 40;
		e->ret = random % 7 ? 0 : -(int64_t)(random >> 8 & 15);
		e->took = random >> 34 & 0xffffff;
		e->inode = random >> 30;
	}
}

static struct skep_schema *make_schema(bool with_meaning)
{
	static const struct {
		const char *name, *meaning;
		uint32_t type;
		size_t offset;
	} members[] = {
		{ "time", "skep:boot_time", 2, offsetof(struct event, time) },
		{ "pid", NULL, 1, offsetof(struct event, pid) },
		{ "parent", NULL, 1, offsetof(struct event, parent) },
		{ "comm", NULL, 5, offsetof(struct event, comm) },
		{ "bytes", "skep:bytes", 2, offsetof(struct event, bytes) },
		{ "ret", "skep:errno", 3, offsetof(struct event, ret) },
		{ "took", "skep:duration", 2, offsetof(struct event, took) },
		{ "inode", NULL, 2, offsetof(struct event, inode) },
	};
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	size_t n = sizeof(members) / sizeof(members[0]), len;
	void *raw;

	skep_btf_builder_int(b, "unsigned int", 4, 0);
	skep_btf_builder_int(b, "unsigned long", 8, 0);
	skep_btf_builder_int(b, "long", 8, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_array(b, 4, 1, 16);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	for (size_t i = 0; i < n; i++)
		skep_btf_builder_member(b, members[i].name, members[i].type,
					(uint32_t)members[i].offset * 8, 0);
	for (int32_t i = 0; with_meaning && i < (int32_t)n; i++) {
		struct btf_type t = { .info = BTF_KIND_DECL_TAG << 24, .type = 6 };

		if (!members[i].meaning)
			continue;
		t.name_off = (uint32_t)skep_btf_builder_string(b, members[i].meaning);
		skep_btf_builder_add(b, &t, &i, sizeof(i));
	}
	raw = skep_btf_builder_finish(b, &len);
	schema = skep_schema_new(skep_btf_new(raw, len, NULL, &err), 6, NULL, &err);
	if (!schema) {
		skep_error_print(&err, stderr);
		exit(1);
	}
	return schema;
}

static void by_hand(const struct event *e, struct skep_text *out)
{
	if (!skep_text_room(out, 512))
		exit(1);
	out->len += (size_t)snprintf(
		out->data + out->len, 512,
		"{\"time\":%" PRIu64 ",\"pid\":%u,\"parent\":%u,\"comm\":\"%.16s\","
		"\"bytes\":%" PRIu64 ",\"ret\":%" PRId64 ",\"took\":%" PRIu64 ",\"inode\":%" PRIu64
		"}\n",
		e->time, e->pid, e->parent, e->comm, e->bytes, e->ret, e->took, e->inode);
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct skep_output output;
	const struct skep_view *view;
	uint64_t bytes = 0;
	long lines = argc == 5 ? atol(argv[3]) : 0;
	int form = lines > 0 ? skep_form_find(argv[1]) : -1;
	int64_t start;

	if (lines <= 0 || (form < 0 && strcmp(argv[1], "snprintf") != 0)) {
		fprintf(stderr, "usage: lines FORM plain|meaning LINES FILE\n");
		return 2;
	}
	make_events();
	view = skep_schema_view(make_schema(!strcmp(argv[2], "meaning")));
	if (skep_output_open(&output, argv[4], &err))
		return skep_error_print(&err, stderr), 1;
	start = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (long i = 0; i < lines; i++) {
		struct skep_text *text = skep_output_text(&output);
		const struct event *e = &events[i % RECORDS];
		size_t before = text->len;

		if (form < 0)
			by_hand(e, text);
		else
			skep_view_write(view, (enum skep_form)form, e, sizeof(*e), text);
		bytes += text->len - before;
		if (skep_output_line_done(&output, &err))
			return skep_error_print(&err, stderr), 1;
	}
	if (skep_output_flush(&output, &err))
		return skep_error_print(&err, stderr), 1;
	printf("%.2f %.1f\n", (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)lines,
	       (double)bytes / (double)lines);
	return 0;
}
