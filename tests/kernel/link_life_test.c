// SPDX-License-Identifier: MIT
/* Links detached, pinned and opened again. */
#include "kernel/link_rig.h"

#include <errno.h>

#include "kernel/perf.h"

/* The programs whose links the kernel detaches and updates, but for that of the sockmap. */
static const char *const changeable[] = { "on_egress", "on_lookup", "on_xdp", "on_tcx" };

static void detaching_ends_a_link_that_others_hold(void **state)
{
	size_t tried = 0;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(changeable) / sizeof(changeable[0]); i++) {
		struct skep_error err = { 0 };
		struct skep_link *other;
		struct rig rig;

		if (!rig_make(&rig, changeable[i]))
			continue;
		tried++;
		assert_true(rig_runs(&rig, rig.link));
		assert_ok(!skep_link_pin(rig.link, sandbox_pin("held"), &err), &err);
		other = skep_link_open_pinned(sandbox_pin("held"), &err);
		assert_ok(other, &err);
		assert_ok(!skep_link_detach(rig.link, &err), &err);
		assert_false(rig_runs(&rig, rig.link));
		assert_int_equal(skep_link_update(other, rig.program, NULL, &err), -ENOLINK);
		assert_ok(!skep_link_unpin(other, &err), &err);
		skep_link_close(other);
		rig_free(&rig);
	}
	assert_true(tried >= 3);
}

static void detaching_what_only_closing_detaches_is_refused(void **state)
{
	static const char *const programs[] = { "on_raw", "on_btf", "on_perf" };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < 3; i++) {
		struct skep_error err = { 0 };
		struct rig rig;

		NEED_PROGRAM(&rig, programs[i]);
		rig_attach(&rig);
		if (rig_has_bpf_link(&rig)) {
			assert_int_equal(skep_link_detach(rig.link, &err), -EOPNOTSUPP);
			assert_error_says(&err, "only by closing them");
		}
		rig_free(&rig);
	}
}

static void pinned_link_stays_until_it_is_unpinned_and_closed(void **state)
{
	static const char *const programs[] = { "on_egress", "on_lookup", "on_xdp", "on_tcx",
						"on_iter",   "on_raw",	  "on_btf", "on_tp" };

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct skep_error err = { 0 };
		struct rig rig;
		uint32_t id;

		/* Tracepoints are looked up by fsopen(2), which valgrind does not know. */
		if ((getenv("SKEP_VALGRIND") && !strcmp(programs[i], "on_tp")) ||
		    !rig_make(&rig, programs[i]))
			continue;
		if (!rig_has_bpf_link(&rig)) {
			rig_free(&rig);
			continue;
		}
		id = link_id(skep_link_fd(rig.link));
		assert_ok(!skep_link_pin(rig.link, sandbox_pin("link"), &err), &err);
		assert_string_equal(skep_link_pinned_at(rig.link), sandbox_pin("link"));
		skep_link_close(rig.link);
		rig.link = skep_link_open_pinned(sandbox_pin("link"), &err);
		assert_ok(rig.link, &err);
		assert_int_equal(link_id(skep_link_fd(rig.link)), id);
		assert_true(rig_runs(&rig, rig.link));
		assert_ok(!skep_link_unpin(rig.link, &err), &err);
		assert_null(skep_link_pinned_at(rig.link));
		assert_true(rig_runs(&rig, rig.link));
		skep_link_close(rig.link);
		rig.link = NULL;
		assert_int_equal(sandbox_count_pins(), 0);
		assert_true(id_goes_away(BPF_LINK_GET_FD_BY_ID, id));
		rig_free(&rig);
	}
}

static void link_opened_from_a_pin_says_what_it_is(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *again;
	char label[96];
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	rig_attach(&rig);
	assert_ok(!skep_link_pin(rig.link, sandbox_pin("x"), &err), &err);
	again = skep_link_open_pinned(sandbox_pin("x"), &err);
	assert_ok(again, &err);
	snprintf(label, sizeof(label), "xdp link %u pinned at %s", link_id(skep_link_fd(rig.link)),
		 sandbox_pin("x"));
	assert_string_equal(skep_link_label(again), label);
	skep_link_close(again);
	assert_ok(!skep_link_unpin(rig.link, &err), &err);
	rig_free(&rig);
}

static void pin_by_a_relative_path_holds_after_a_change_of_folder(void **state)
{
	struct skep_error err = { 0 };
	char here[4096];
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(sandbox_bpffs()), 0);
	assert_ok(!skep_link_pin(rig.link, "relative", &err), &err);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(sandbox_count_pins(), 1);
	assert_ok(!skep_link_unpin(rig.link, &err), &err);
	assert_int_equal(sandbox_count_pins(), 0);
	rig_free(&rig);
}

static void pins_that_cannot_be_are_explained(void **state)
{
	struct perf_event_attr faults = { .type = PERF_TYPE_SOFTWARE,
					  .config = PERF_COUNT_SW_PAGE_FAULTS };
	struct skep_error err = { 0 };
	struct skep_link *plain;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	assert_int_equal(skep_link_unpin(rig.link, &err), -ENOENT);
	assert_int_equal(skep_link_pin(rig.link, "/tmp/skep-link", &err), -EINVAL);
	assert_error_says(&err, "link 'raw tracepoint sys_enter': /tmp is in no BPF file system");
	assert_null(skep_link_open_pinned(sandbox_pin("none"), &err));
	assert_error_says(&err, "nothing is pinned at");
	assert_ok(!skep_link_pin(rig.link, sandbox_pin("a"), &err), &err);
	assert_int_equal(skep_link_pin(rig.link, sandbox_pin("b"), &err), -EBUSY);
	assert_int_equal(unlink(sandbox_pin("a")), 0);
	assert_int_equal(skep_link_unpin(rig.link, &err), -ENOENT);
	plain = skep_link_new(NULL, skep_perf_open(&faults, 0, -1), &err, "perf event 1:2");
	assert_ok(plain, &err);
	assert_int_equal(skep_link_pin(plain, sandbox_pin("a"), &err), -ENOTSUP);
	assert_error_says(&err, "without a bpf_link");
	skep_link_close(plain);
	assert_int_equal(skep_link_pin(NULL, sandbox_pin("a"), &err), -EINVAL);
	assert_int_equal(skep_link_pin(rig.link, NULL, &err), -EINVAL);
	assert_null(skep_link_open_pinned(NULL, &err));
	assert_int_equal(skep_object_pin_links(NULL, sandbox_pin("a"), &err), -EINVAL);
	assert_int_equal(skep_object_pin_links(rig.object, NULL, &err), -EINVAL);
	assert_int_equal(skep_object_unpin_links(NULL, &err), -EINVAL);
	assert_int_equal(skep_link_unpin(NULL, &err), -EINVAL);
	assert_int_equal(skep_link_detach(NULL, &err), -EINVAL);
	assert_int_equal(skep_link_update(NULL, rig.program, NULL, &err), -EINVAL);
	assert_null(skep_link_pinned_at(NULL));
	rig_free(&rig);
	assert_int_equal(sandbox_count_pins(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detaching_ends_a_link_that_others_hold),
		cmocka_unit_test(detaching_what_only_closing_detaches_is_refused),
		cmocka_unit_test(pinned_link_stays_until_it_is_unpinned_and_closed),
		cmocka_unit_test(link_opened_from_a_pin_says_what_it_is),
		cmocka_unit_test(pin_by_a_relative_path_holds_after_a_change_of_folder),
		cmocka_unit_test(pins_that_cannot_be_are_explained),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
