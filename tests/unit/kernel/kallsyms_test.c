// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/kallsyms.h"
#include "kernel/lines.h"

/* A file with this text, read from its beginning. */
static int file_of(const char *text, size_t len)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	assert_true(fd >= 0);
	return fd;
}

static const char symbols[] = "0000000000000000 A fixed_percpu_data\n"
			      "ffffffff81000000 T startup_64\n"
			      "ffffffff81001000 t cleanup\n"
			      "ffffffff81002000 t cleanup\n"
			      "ffffffff81003000 T alias\n"
			      "ffffffff81003000 T alias\n"
			      "ffffffffc0001000 t veth_xmit\t[veth]\n"
			      "ffffffffc0002000 t bpf_prog_6deef7357e7b4530\t[bpf]";

struct seen {
	size_t n;
	char last[128];
};

static int note(const struct skep_kallsym *symbol, void *context)
{
	struct seen *seen = context;

	seen->n++;
	snprintf(seen->last, sizeof(seen->last), "%llx %c %s %s",
		 (unsigned long long)symbol->address, symbol->type, symbol->name,
		 symbol->module ? symbol->module : "-");
	return !strcmp(symbol->name, "veth_xmit");
}

static void symbols_have_address_type_name_and_module(void **state)
{
	struct seen seen = { 0 };
	int fd = file_of(symbols, strlen(symbols));

	(void)state;
	assert_int_equal(skep_kallsyms_walk(fd, note, &seen, NULL), 1);
	assert_int_equal(seen.n, 7);
	assert_string_equal(seen.last, "ffffffffc0001000 t veth_xmit veth");
	close(fd);
}

static void names_are_looked_up_in_one_walk(void **state)
{
	struct skep_kallsyms_query q[] = {
		{ .name = "startup_64" }, { .name = "cleanup" },   { .name = "no_such" },
		{ .name = "alias" },	  { .name = "veth_xmit" }, { .name = "startup_64" },
	};
	struct skep_error err = { 0 };
	int fd = file_of(symbols, strlen(symbols));

	(void)state;
	assert_ok(!skep_kallsyms_look_up(fd, q, 6, &err), &err);
	assert_int_equal(q[0].address, 0xffffffff81000000);
	assert_int_equal(q[0].count, 1);
	assert_int_equal(q[1].count, 2);
	assert_int_equal(q[2].count, 0);
	assert_int_equal(q[2].address, 0);
	assert_int_equal(q[3].count, 1);
	assert_int_equal(q[4].address, 0xffffffffc0001000);
	assert_int_equal(q[5].address, q[0].address);
	close(fd);
}

static void hidden_addresses_are_told(void **state)
{
	static const char zeros[] = "0000000000000000 T one\n0000000000000000 T two\n";
	struct skep_kallsyms_query q = { .name = "one" };
	struct skep_error err = { 0 };
	int fd = file_of(zeros, strlen(zeros));

	(void)state;
	assert_int_equal(skep_kallsyms_look_up(fd, &q, 1, &err), -EPERM);
	assert_error_says(&err, "kptr_restrict");
	close(fd);
}

static void what_is_no_symbol_is_refused(void **state)
{
	static const char *const wrong[] = { "\n",
					     "x",
					     "ffff",
					     "ffff T",
					     "ffff T ",
					     "ffff  T name",
					     "ffffT a",
					     " T name",
					     "ffff T a\t",
					     "ffff T a\tveth",
					     "ffff T a\t[veth\n",
					     "T name 12",
					     "ffff\tT a" };
	struct skep_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct seen seen = { 0 };
		int fd = file_of(wrong[i], strlen(wrong[i]));

		if (skep_kallsyms_walk(fd, note, &seen, &err) != -EINVAL)
			fail_msg("\"%s\" was taken as %s", wrong[i], seen.last);
		close(fd);
	}
	assert_int_equal(skep_kallsyms_walk(-1, note, NULL, &err), -EBADF);
}

/* Far more than the buffer, so that lines lie across its end in many ways. */
static void long_files_are_read_line_by_line(void **state)
{
	size_t cap = 1 << 20, len = 0, n = 0;
	char *text = malloc(cap);
	struct skep_lines *lines;
	char *line;
	int fd;

	(void)state;
	while (len < cap - 64)
		len += (size_t)snprintf(text + len, 64, "%zu%.*s\n", n++, (int)(len % 31),
					"...............................");
	fd = file_of(text, len);
	lines = skep_lines_new(fd);
	assert_non_null(lines);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(skep_lines_next(lines, &line), 1);
		assert_int_equal(strtoul(line, NULL, 10), i);
	}
	assert_int_equal(skep_lines_next(lines, &line), 0);
	assert_int_equal(skep_lines_next(lines, &line), 0);
	free(lines);
	free(text);
	close(fd);
}

static void a_line_without_end_is_refused(void **state)
{
	size_t len = sizeof(((struct skep_lines *)0)->buf);
	char *text = malloc(len);
	struct skep_lines *lines;
	char *line;

	(void)state;
	memset(text, 'x', len);
	for (size_t spare = 0; spare < 2; spare++) {
		int fd = file_of(text, len - spare);

		lines = skep_lines_new(fd);
		assert_int_equal(skep_lines_next(lines, &line), -E2BIG);
		free(lines);
		close(fd);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_have_address_type_name_and_module),
		cmocka_unit_test(names_are_looked_up_in_one_walk),
		cmocka_unit_test(hidden_addresses_are_told),
		cmocka_unit_test(what_is_no_symbol_is_refused),
		cmocka_unit_test(long_files_are_read_line_by_line),
		cmocka_unit_test(a_line_without_end_is_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
