// SPDX-License-Identifier: MIT
/* Links detached, pinned, opened again and given other programs. */
#include "kernel/link_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/perf.h"

/* The programs whose links the kernel detaches and updates, but for that of the sockmap. */
static const char *const changeable[] = { "on_egress", "on_lookup", "on_xdp", "on_tcx" };

/* Loads and attaches one of the fixture's programs; false when this kernel has no such link. */
static bool make(struct rig *rig, const char *program)
{
	struct skep_attr_link_create attr;

	if (!rig_load(rig, program))
		return false;
	if (strcmp(program, "on_tcx")) {
		rig_attach(rig);
		return true;
	}
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_TCX_INGRESS;
	attr.target_ifindex = if_nametoindex("lo");
	if (rig_attach_by_hand(rig, &attr))
		return true;
	rig_free(rig);
	return false;
}

static void read_iterator(const struct skep_link *link)
{
	struct skep_error err = { 0 };
	int fd = skep_link_iter_open(link, &err);
	char c;

	assert_ok(fd >= 0, &err);
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
}

/* Does what makes a program run that is attached in the sandbox. */
static void fire(const struct skep_link *link, const struct rig *rig)
{
	if (skep_program_spec(rig->program)->attach_type == BPF_TRACE_ITER)
		read_iterator(link);
	call_kernel(3);
	sandbox_send();
}

/* Whether the rig's program runs; @link is what it is attached by. */
static bool runs(const struct rig *rig, const struct skep_link *link)
{
	uint64_t before = rig_hits(rig);

	fire(link, rig);
	return rig_hits(rig) > before;
}

static void detaching_ends_a_link_that_others_hold(void **state)
{
	size_t tried = 0;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(changeable) / sizeof(changeable[0]); i++) {
		struct skep_error err = { 0 };
		struct skep_link *other;
		struct rig rig;

		if (!make(&rig, changeable[i]))
			continue;
		tried++;
		assert_true(runs(&rig, rig.link));
		assert_ok(!skep_link_pin(rig.link, sandbox_pin("held"), &err), &err);
		other = skep_link_open_pinned(sandbox_pin("held"), &err);
		assert_ok(other, &err);
		assert_ok(!skep_link_detach(rig.link, &err), &err);
		assert_false(runs(&rig, rig.link));
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
		    !make(&rig, programs[i]))
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
		assert_true(runs(&rig, rig.link));
		assert_ok(!skep_link_unpin(rig.link, &err), &err);
		assert_null(skep_link_pinned_at(rig.link));
		assert_true(runs(&rig, rig.link));
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

/* The link of @one runs @two afterwards, and then nothing else. */
static void update(struct rig *one, const struct rig *two)
{
	const struct skep_link_update_opts wrong = { .size = sizeof(wrong),
						     .expected = two->program };
	const struct skep_link_update_opts right = { .size = sizeof(right),
						     .expected = one->program };
	const struct skep_link_update_opts by_id = {
		.size = sizeof(by_id), .expected_id = program_id(skep_program_fd(two->program))
	};
	bool is_iter = skep_program_spec(one->program)->attach_type == BPF_TRACE_ITER;
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };

	assert_true(runs(one, one->link));
	assert_int_equal(skep_link_update(one->link, two->program, &wrong, &err), -ESTALE);
	assert_true(runs(one, one->link));
	assert_ok(!skep_link_update(one->link, two->program, &right, &err), &err);
	assert_true(runs(two, one->link));
	assert_false(runs(one, one->link));
	assert_ok(!skep_link_update(one->link, one->program, &by_id, &err), &err);
	assert_true(runs(one, one->link));
	/* Without an expectation; an iterator's link is told apart by what reading it runs. */
	assert_ok(!skep_link_update(one->link, two->program, NULL, &err), &err);
	assert_ok(!skep_link_info(one->link, &info, &err), &err);
	assert_int_equal(info.prog_id, program_id(skep_program_fd(two->program)));
	skep_link_info_free(&info);
	assert_true(runs(two, is_iter ? one->link : NULL));
}

static void updated_link_runs_the_other_program(void **state)
{
	static const char *const programs[] = { "on_egress", "on_lookup", "on_xdp", "on_tcx",
						"on_iter" };
	size_t tried = 0;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct rig one, two;

		if (!make(&one, programs[i]))
			continue;
		tried++;
		assert_true(rig_load(&two, programs[i]));
		update(&one, &two);
		rig_free(&one);
		assert_false(strcmp(programs[i], "on_iter") && runs(&two, NULL));
		rig_free(&two);
	}
	assert_true(tried >= 4);
}

/* Two connected TCP sockets of the loopback. */
static void connect_pair(int pair[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	assert_int_equal(listen(listener, 1), 0);
	pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(pair[0], (struct sockaddr *)&at, sizeof(at)), 0);
	pair[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(pair[1] >= 0);
	close(listener);
}

static void updated_sockmap_link_runs_the_other_program(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_error err = { 0 };
	uint32_t key = 0;
	struct rig one, two;
	int pair[2];

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&one, "on_msg");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_SK_MSG_VERDICT;
	attr.target_fd = (uint32_t)skep_map_fd(skep_object_map(one.object, "sockets"));
	NEED_LINK(&one, &attr);
	assert_true(rig_load(&two, "on_msg"));
	connect_pair(pair);
	assert_ok(!skep_map_update(skep_object_map(one.object, "sockets"), &key, &pair[0], 0, &err),
		  &err);
	assert_int_equal(write(pair[0], "x", 1), 1);
	assert_int_equal(rig_hits(&one), 1);
	assert_ok(!skep_link_update(one.link, two.program, NULL, &err), &err);
	/* A socket takes the program over when it is put into the map. */
	assert_ok(!skep_map_delete(skep_object_map(one.object, "sockets"), &key, &err), &err);
	assert_ok(!skep_map_update(skep_object_map(one.object, "sockets"), &key, &pair[0], 0, &err),
		  &err);
	assert_int_equal(write(pair[0], "x", 1), 1);
	assert_int_equal(rig_hits(&one), 1);
	assert_int_equal(rig_hits(&two), 1);
	close(pair[0]);
	close(pair[1]);
	rig_free(&one);
	rig_free(&two);
}

static void updates_that_cannot_be_are_explained(void **state)
{
	static const char *const fixed[] = { "on_raw", "on_btf", "on_perf" };
	struct skep_error err = { 0 };
	struct rig one, two;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < 3; i++) {
		NEED_PROGRAM(&one, fixed[i]);
		rig_attach(&one);
		assert_true(rig_load(&two, fixed[i]));
		assert_int_equal(skep_link_update(one.link, two.program, NULL, &err), -EOPNOTSUPP);
		assert_error_says(&err, "attach the new program, then close this link");
		rig_free(&one);
		rig_free(&two);
	}
	NEED_PROGRAM(&one, "on_iter");
	rig_attach(&one);
	assert_true(rig_load(&two, "on_task"));
	assert_int_equal(skep_link_update(one.link, two.program, NULL, &err), -EINVAL);
	assert_error_says(&err, "does not suit this iter link");
	assert_int_equal(
		skep_link_update(one.link, skep_object_program(two.object, "on_xdp"), NULL, &err),
		-EBADF);
	assert_error_says(&err, "is not loaded");
	rig_free(&one);
	rig_free(&two);
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
		cmocka_unit_test(updated_link_runs_the_other_program),
		cmocka_unit_test(updated_sockmap_link_runs_the_other_program),
		cmocka_unit_test(updates_that_cannot_be_are_explained),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
