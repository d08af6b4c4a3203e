// SPDX-License-Identifier: MIT
/* Stacks as text, in all forms. */
#include "test.h"

#include <skep/stack.h>

static const struct skep_frame user[] = {
	{ .address = 0x401008,
	  .symbol = "inner;x",
	  .offset = 8,
	  .file = "/bin/a\nb",
	  .file_offset = 0x1008 },
	{ .address = 0x401100 },
	{ .symbol = "main", .offset = 0, .file = "/bin/a", .file_offset = 0x1200 },
};

static const struct skep_frame kernel[] = {
	{ .address = 0xffffffff81000010, .symbol = "vfs_read", .offset = 0x10, .is_kernel = true },
	{ .address = 0xffffffffc0000010,
	  .symbol = "xmit",
	  .offset = 0x20,
	  .file = "veth",
	  .is_kernel = true },
};

static void expect(const struct skep_frame *frames, size_t n, enum skep_stack_form form,
		   const char *text)
{
	struct skep_text out = { 0 };

	skep_stack_write(frames, n, form, &out);
	assert_string_equal(skep_text_string(&out), text);
	skep_text_free(&out);
}

static void stacks_have_a_line_a_frame(void **state)
{
	(void)state;
	expect(user, 3, SKEP_STACK_LINES,
	       "              401008 inner;x+0x8 (/bin/a\\nb)\n"
	       "              401100 [unknown]\n"
	       "                1200 main+0x0 (/bin/a)\n");
	expect(kernel, 2, SKEP_STACK_LINES,
	       "    ffffffff81000010 vfs_read+0x10\n"
	       "    ffffffffc0000010 xmit+0x20 [veth]\n");
	expect(NULL, 0, SKEP_STACK_LINES, "");
}

static void stacks_fit_on_one_line(void **state)
{
	(void)state;
	expect(user, 3, SKEP_STACK_LINE, "inner;x+0x8 < 0x401100 < main+0x0");
	expect(kernel, 0, SKEP_STACK_LINE, "");
}

static void stacks_are_folded_for_flame_graphs(void **state)
{
	struct skep_text out = { 0 };

	(void)state;
	expect(user, 3, SKEP_STACK_FOLDED, "main;[unknown];inner:x");
	skep_stack_write_folded("co;m", user, 3, kernel, 2, 12, &out);
	skep_stack_write_folded(NULL, NULL, 0, kernel, 1, 1, &out);
	skep_stack_write_folded("idle", NULL, 0, NULL, 0, 3, &out);
	assert_string_equal(skep_text_string(&out),
			    "co:m;main;[unknown];inner:x;xmit_[k];vfs_read_[k] 12\n"
			    "vfs_read_[k] 1\n"
			    "idle 3\n");
	skep_text_free(&out);
}

static void stacks_are_json(void **state)
{
	(void)state;
	expect(user, 3, SKEP_STACK_JSON,
	       "[{\"address\":\"0x401008\",\"symbol\":\"inner;x\",\"offset\":8,"
	       "\"file\":\"/bin/a\\nb\",\"file_offset\":4104},"
	       "{\"address\":\"0x401100\"},"
	       "{\"symbol\":\"main\",\"offset\":0,\"file\":\"/bin/a\",\"file_offset\":4608}]");
	expect(kernel, 2, SKEP_STACK_JSON,
	       "[{\"address\":\"0xffffffff81000010\",\"symbol\":\"vfs_read\",\"offset\":16},"
	       "{\"address\":\"0xffffffffc0000010\",\"symbol\":\"xmit\",\"offset\":32,"
	       "\"module\":\"veth\"}]");
	expect(user, 0, SKEP_STACK_JSON, "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_have_a_line_a_frame),
		cmocka_unit_test(stacks_fit_on_one_line),
		cmocka_unit_test(stacks_are_folded_for_flame_graphs),
		cmocka_unit_test(stacks_are_json),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
