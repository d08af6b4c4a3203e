// SPDX-License-Identifier: MIT
#include "cli/build_support.h"

#include <unistd.h>

char folder[] = "/tmp/skep-build-XXXXXX";

static const char source[] =
	"/**\n * @brief Counts things\n * @version 1.5\n */\n"
	"#include <skep/bpf/skep.h>\n"
	"#include <skep/bpf/emit.h>\n"
	"#include \"thing.h\"\n\n"
	"/// @description how old\n"
	"/// @cmdarg {\"default\": 5, \"short\": \"m\",\n///          \"long\": \"min-age\"}\n"
	"/// @colour blue\n"
	"const volatile int min_age = 0;\n"
	"const volatile char name[16] = \"\";\n"
	"static const volatile int hidden = 3;\n"
	"int unsaid;\n"
	"long said; ///< how many\n"
	"SKEP_EMIT_RING(events, struct thing, 1 << 16);\n"
	"/** @sample {\"interval\": 200,\n *           \"type\": \"log2_hist\", \"unit\": \"us\"} */\n"
	"SKEP_MAP(hists, HASH, __u32, struct slots, 16);\n"
	"/// @details on loopback\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n\n"
	"/// @ifindex 1\n/// @flags 2\n"
	"SEC(\"xdp\") int handle(struct xdp_md *ctx)\n{\n"
	"\tstruct thing thing = { .age = min_age + name[3] + hidden };\n\n"
	"\t(void)ctx;\n"
	"\tsaid++;\n\tunsaid--;\n"
	"\tSKEP_EMIT(events, &thing);\n"
	"\treturn XDP_PASS;\n}\n";

static const char header[] = "#pragma once\n"
			     "struct thing { int age; };\n"
			     "struct slots { unsigned int slots[8]; };\n"
			     "struct unused { char c; };\n";

const char *in_folder(const char *name)
{
	static char paths[8][128];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

void write_text(const char *name, const char *text)
{
	write_file(in_folder(name), text, strlen(text));
}

int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	write_text("thing.bpf.c", source);
	write_text("thing.h", header);
	return 0;
}

int remove_folder(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "rm", "-r", folder);
	run_free(&r);
	return 0;
}

void build_ok(const char *format, const char *out)
{
	struct run_result r;

	RUN(&r, "skep", "build", in_folder("thing.bpf.c"), "--format", format, "-o", out);
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
}
