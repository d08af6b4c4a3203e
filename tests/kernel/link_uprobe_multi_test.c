// SPDX-License-Identifier: MIT
/* Many functions of user space at once, of this process. */
#include "kernel/user_support.h"

#include <errno.h>
#include <unistd.h>

#include "link/uprobe.h"

#define N_ADDING 2 /* functions that match user_add* */

static struct skep_uprobe_multi_opts mine(void)
{
	return (struct skep_uprobe_multi_opts){ .size = sizeof(struct skep_uprobe_multi_opts),
						.pid = getpid() };
}

static struct skep_link *attach(const struct skep_program *program, const char *pattern,
				const struct skep_uprobe_multi_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link =
		skep_program_attach_uprobe_multi(program, user_library(), pattern, opts, &err);

	assert_ok(link, &err);
	return link;
}

static void call_all(void)
{
	call_user("user_add", 40, 2);
	call_user("user_add_more", 50, 1);
	call_user("user_copy", 60, 0);
}

/* One link, of the kernel or of as many events as there are functions. */
static void expect_fds(const struct skep_link *link, size_t n)
{
	assert_true(link->n_fds == 1 || link->n_fds == n);
}

static void pattern_attaches_to_all_that_match(void **state)
{
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(load_user("on_many"), "user_add*", &opts);
	expect_fds(link, N_ADDING);
	assert_non_null(strstr(skep_link_label(link), "uprobe.multi"));
	call_all();
	assert_int_equal(fixture_value("hits"), 2);
	assert_int_equal(fixture_value("regs_sum"), 90);
	close_user(link, "user_add");
	fixture_leave();
}

static void many_returns_are_seen(void **state)
{
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(load_user_for("on_returns", true, NULL), "user_add*", &opts);
	call_all();
	assert_int_equal(fixture_value("hits"), 2);
	assert_int_equal(fixture_value("regs_sum"), 42 + 52);
	close_user(link, "user_add");
	fixture_leave();
}

static void list_has_a_cookie_for_each(void **state)
{
	static const char *const symbols[] = { "user_add", "user_copy@USER_2" };
	static const uint64_t cookies[] = { 0x100, 0x2000000000 };
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	NEED_TO_LOAD("link_user", "many_with_cookies");
	opts.symbols = symbols;
	opts.cookies = cookies;
	opts.n = 2;
	link = attach(load_user("many_with_cookies"), NULL, &opts);
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("last_cookie"), 0x100);
	call_user("user_copy", 1, 2);
	assert_int_equal(fixture_value("last_cookie"), 0x2000000000);
	assert_int_equal(fixture_value("hits"), 2);
	close_user(link, "user_add");
	fixture_leave();
}

static void list_may_be_of_offsets(void **state)
{
	const uint64_t offsets[] = { user_place(user_library(), "user_add_more", 0) };
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	opts.offsets = offsets;
	opts.n = 1;
	link = attach(load_user("on_many"), NULL, &opts);
	call_all();
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("regs_sum"), 50);
	close_user(link, "user_add_more");
	fixture_leave();
}

/* A program that was loaded for one place at a time. */
static void older_way_is_a_probe_of_each(void **state)
{
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(load_user("on_call"), "user_add*", &opts);
	assert_int_equal(link->n_fds, N_ADDING);
	call_all();
	assert_int_equal(fixture_value("hits"), 2);
	close_user(link, "user_add");
	fixture_leave();
}

static void one_function_takes_a_program_for_many(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach_user(load_user("on_many"), user_library(), &opts);
	call_all();
	assert_int_equal(fixture_value("hits"), 1);
	close_user(link, "user_add");
	fixture_leave();
}

/* By one link for all, by a link for many that has one, and by a probe of each. */
static void other_processes_are_not_probed(void **state)
{
	struct skep_uprobe_multi_opts many = mine();
	struct skep_uprobe_opts one = in_this_process("user_add");
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	for (int way = 0; way < 3; way++) {
		struct skep_program *program = load_user(way == 2 ? "on_call" : "on_many");

		link = way == 1 ? attach_user(program, user_library(), &one) :
				  attach(program, "user_add*", &many);
		call_user_in_child("user_add", 40, 2);
		assert_int_equal(fixture_value("hits"), 0);
		call_user("user_add", 40, 2);
		assert_int_equal(fixture_value("hits"), 1);
		close_user(link, "user_add");
		fixture_leave();
	}
}

static void many_may_sleep(void **state)
{
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	NEED_TO_LOAD("link_user", "many_may_sleep");
	link = attach(load_user("many_may_sleep"), "user_add*", &opts);
	call_all();
	assert_int_equal(fixture_value("hits"), 2);
	assert_int_equal(fixture_value("last_cookie"), 1);
	close_user(link, "user_add");
	fixture_leave();
}

static void session_sees_beginnings_and_returns(void **state)
{
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	program = load_user("on_session");
	link = skep_program_attach_uprobe_multi(program, user_library(), "user_add*", &opts, &err);
	if (!link && err.code == ENOTSUP) {
		assert_error_says(&err, "no uprobe.session");
		assert_error_says(&err, "6.13");
		fixture_leave();
		SKIP_TEST("this kernel has no uprobe.session");
	}
	assert_ok(link, &err);
	assert_non_null(strstr(skep_link_label(link), "uprobe.session"));
	call_all();
	assert_int_equal(fixture_value("hits"), 4);
	close_user(link, "user_add");
	fixture_leave();
}

static void section_says_file_and_pattern(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char target[4200];

	(void)state;
	NEED_USER_PROBES();
	NEED_VM();
	snprintf(target, sizeof(target), "%s:user_a?d*", user_library());
	link = skep_program_attach(load_user_for("on_many", false, target), &err);
	assert_ok(link, &err);
	call_all();
	assert_int_equal(fixture_value("hits"), 2);
	close_user(link, "user_add");
	fixture_leave();
}

static void refuse(const struct skep_program *program, const char *pattern,
		   const struct skep_uprobe_multi_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_uprobe_multi(program, user_library(), pattern, opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static void wrong_patterns_and_lists_are_told(void **state)
{
	static const char *const symbols[] = { "user_add", "user_ad", NULL };
	static const uint64_t cookies[] = { 1, 2, 3 }, offsets[] = { 1ull << 40 };
	struct skep_uprobe_multi_opts opts = mine();
	struct skep_program *program;

	(void)state;
	NEED_USER_PROBES();
	program = load_user("on_many");
	refuse(program, "no_such*", &opts, ENOENT, "matches 'no_such*'");
	refuse(program, "user_ad", &opts, ENOENT, "did you mean 'user_add'?");
	refuse(program, NULL, &opts, EINVAL, "either a pattern, symbols or offsets");
	opts.cookies = cookies;
	refuse(program, "user_add*", &opts, EINVAL, "have no order");
	opts.symbols = symbols;
	refuse(program, NULL, &opts, EINVAL, "a list of 1 to");
	opts.n = 2;
	refuse(program, NULL, &opts, ENOENT, "no function 'user_ad'");
	opts.n = 3;
	refuse(program, NULL, &opts, EINVAL, "no name at 2");
	opts.offsets = offsets;
	refuse(program, NULL, &opts, EINVAL, "either a pattern, symbols or offsets");
	opts.symbols = NULL;
	opts.n = 1;
	refuse(program, NULL, &opts, EINVAL, "has nothing that is run");
	fixture_leave();
	program = load_user("on_session");
	opts = mine();
	opts.retprobe = true;
	refuse(program, "user_add*", &opts, EINVAL, "sees beginnings and returns already");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pattern_attaches_to_all_that_match),
		cmocka_unit_test(many_returns_are_seen),
		cmocka_unit_test(list_has_a_cookie_for_each),
		cmocka_unit_test(list_may_be_of_offsets),
		cmocka_unit_test(older_way_is_a_probe_of_each),
		cmocka_unit_test(one_function_takes_a_program_for_many),
		cmocka_unit_test(other_processes_are_not_probed),
		cmocka_unit_test(many_may_sleep),
		cmocka_unit_test(session_sees_beginnings_and_returns),
		cmocka_unit_test(section_says_file_and_pattern),
		cmocka_unit_test(wrong_patterns_and_lists_are_told),
	};

	return cmocka_run_group_tests_name("link_uprobe_multi", tests, NULL, NULL);
}
