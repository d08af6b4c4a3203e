// SPDX-License-Identifier: MIT
/* skep inspect prog dump: instructions, machine code, the flow of control. */
#include "cli/run.h"
#include "kernel/system_support.h"

#include <sys/stat.h>

static const char name[] = "program_with_a_name_that_is_cut";

/* By id, as others may have a program of this name, too. Static storage. */
static const char *id_of(const struct loaded *l)
{
	static char id[16];

	snprintf(id, sizeof(id), "%u", program_id(l->fd));
	return id;
}

static void code_is_dumped_with_names_and_source_lines(void **state)
{
	struct run_result r;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l));
	assert_run(&r, r.status == 0 && !strncmp(r.out, "program_with_a_name_that_is_cut:\n", 33));
	assert_run(&r, strstr(r.out, "; return look_up_and_count(3) + 40; @ "));
	assert_run(&r, strstr(r.out, "system_view.bpf.c:"));
	assert_run(&r, strstr(r.out, " call look_up_and_count\n"));
	assert_run(&r, strstr(r.out, "\nlook_up_and_count:\n"));
	assert_run(&r, strstr(r.out, " seen_by_system]\n") && strstr(r.out, "(95) exit\n"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l), "--no-source", "--opcodes");
	assert_run(&r, r.status == 0 && !strstr(r.out, ";"));
	assert_run(&r, strstr(r.out, "(95) exit\n      95 00 00 00 00 00 00 00\n"));
	run_free(&r);
	unload_fixture(&l);
}

static void code_is_dumped_as_json_and_as_it_is(void **state)
{
	char path[] = "/tmp/skep-inspect-XXXXXX", filter[256];
	struct run_opts opts = { 0 };
	struct run_result r, jq;
	struct stat st;
	struct loaded l;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	if (!bpf_is_allowed()) {
		unlink(path);
		SKIP_TEST("this machine refuses bpf(2)");
	}
	l = load_fixture("system_view");
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l), "--json");
	assert_run(&r, r.status == 0);
	opts.input = r.out;
	snprintf(filter, sizeof(filter),
		 "(.[0].index==0) and (.[0].function==\"%s\") and (.[-1].text==\"(95) exit\") "
		 "and any(.[];.line>20)",
		 name);
	RUN_OPTS(&jq, &opts, "jq", "-e", filter);
	assert_run(&jq, jq.status == 0);
	run_free(&jq);
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l), "--raw", path);
	assert_run(&r, r.status == 0 && !stat(path, &st) && st.st_size > 0 && !(st.st_size % 8));
	run_free(&r);
	unlink(path);
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l), "--dot", "--json");
	assert_run(&r, r.status == 2 && strstr(r.err, "exclude"));
	run_free(&r);
	unload_fixture(&l);
}

/* A reader of what dot(1) takes: nodes are declared, edges join them, quotes and braces match. */
static void check_dot(const char *text)
{
	bool in_string = false;
	int depth = 0;
	size_t nodes = 0, edges = 0;

	for (const char *c = text; *c; c++) {
		if (in_string && *c == '\\' && c[1])
			c++;
		else if (*c == '"')
			in_string = !in_string;
		else if (!in_string)
			depth += (*c == '{') - (*c == '}');
		assert_true(depth >= 0 && !(in_string && *c == '\n'));
	}
	assert_true(!depth && !in_string);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		unsigned int from, to;
		char declared[32];

		line += *line == '\n';
		nodes += sscanf(line, "    b%u [label=", &from) == 1 && line[4] == 'b';
		if (sscanf(line, "  b%u -> b%u", &from, &to) != 2)
			continue;
		edges++;
		snprintf(declared, sizeof(declared), "    b%u [label=", from);
		assert_non_null(strstr(text, declared));
		snprintf(declared, sizeof(declared), "    b%u [label=", to);
		assert_non_null(strstr(text, declared));
	}
	assert_true(nodes >= 3 && edges >= 2);
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		n++;
	return n;
}

/* dot(1) finds the same blocks, edges and functions, and draws them. */
static void check_by_graphviz(const char *text)
{
	const struct run_opts opts = { .input = text };
	struct run_result r;

	RUN_OPTS(&r, &opts, "dot", "-Tplain");
	if (r.status == 127) {
		run_free(&r);
		SKIP_TEST("graphviz is not installed");
	}
	assert_run(&r, r.status == 0 && !r.err_len);
	assert_int_equal(count(r.out, "\nnode "), count(text, "\n    b"));
	assert_int_equal(count(r.out, "\nedge "), count(text, " -> "));
	run_free(&r);
	RUN_OPTS(&r, &opts, "dot", "-Tsvg");
	assert_run(&r, r.status == 0 && !r.err_len && strstr(r.out, ">look_up_and_count</text>"));
	assert_int_equal(count(r.out, "class=\"cluster\""), 2);
	run_free(&r);
}

static void the_flow_of_control_is_a_graph(void **state)
{
	struct run_result r;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(&l), "--dot");
	assert_run(&r, r.status == 0 && !strncmp(r.out, "digraph ", 8));
	assert_run(&r, strstr(r.out, "label=\"look_up_and_count\""));
	assert_run(&r, strstr(r.out, "[label=\"yes\"]") && strstr(r.out, "[label=\"no\"]"));
	check_dot(r.out);
	check_by_graphviz(r.out);
	run_free(&r);
	unload_fixture(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_is_dumped_with_names_and_source_lines),
		cmocka_unit_test(code_is_dumped_as_json_and_as_it_is),
		cmocka_unit_test(the_flow_of_control_is_a_graph),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
