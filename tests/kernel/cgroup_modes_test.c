// SPDX-License-Identifier: MIT
/* How programs of cgroups go with each other: modes, places, replacement; and what is told of it.
 */
#include "kernel/net_support.h"
#include "kernel/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/bpf.h"

static struct skep_spec *spec;
static struct skep_object *one, *two;
static char below[256];

static int setup(void **state)
{
	sandbox_setup(state);
	if (!bpf_is_allowed() || !sandbox_cgroup())
		return 0;
	snprintf(below, sizeof(below), "%s/below", sandbox_cgroup());
	mkdir(below, 0700);
	spec = open_fixture("link_hooks");
	only_program(spec, "on_connect4");
	one = load_spec(spec);
	two = load_spec(spec);
	return 0;
}

static int teardown(void **state)
{
	skep_object_close(one);
	skep_object_close(two);
	skep_spec_free(spec);
	rmdir(below);
	return sandbox_teardown(state);
}

static const struct skep_program *program(const struct skep_object *object)
{
	return skep_object_program(object, "on_connect4");
}

static uint32_t id_of(const struct skep_object *object)
{
	return program_id(skep_program_fd(program(object)));
}

static struct skep_link *attach(const struct skep_object *object, const char *path,
				const struct skep_cgroup_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_cgroup(program(object), path, opts, &err);

	assert_ok(link, &err);
	return link;
}

static void refuse(const struct skep_object *object, const char *path,
		   const struct skep_cgroup_opts *opts, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_cgroup(program(object), path, opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static struct skep_cgroup_opts mode(enum skep_cgroup_mode m)
{
	return (struct skep_cgroup_opts){ .size = sizeof(struct skep_cgroup_opts), .mode = m };
}

static struct skep_attached *attached_to(const char *path, bool effective)
{
	struct skep_error err = { 0 };
	struct skep_attached *attached =
		skep_attached_to_cgroup(path, BPF_CGROUP_INET4_CONNECT, effective, &err);

	assert_ok(attached, &err);
	return attached;
}

/* What is attached to the cgroup itself, at most two, in order. */
static void expect_attached(const char *path, uint32_t first, uint32_t second, uint32_t flags)
{
	struct skep_attached *attached = attached_to(path, false);

	assert_int_equal(attached->n, !!first + !!second);
	for (size_t i = 0; i < attached->n; i++)
		assert_int_equal(attached->programs[i].flags, flags);
	if (first)
		assert_int_equal(attached->programs[0].program_id, first);
	if (second)
		assert_int_equal(attached->programs[1].program_id, second);
	skep_attached_free(attached);
}

/* How often each of the two ran for one connection. */
static void expect_hits(uint64_t of_one, uint64_t of_two)
{
	uint64_t before_one = global_value(one, "hits_connect4");
	uint64_t before_two = global_value(two, "hits_connect4");

	send_to(9);
	assert_int_equal(global_value(one, "hits_connect4") - before_one, of_one);
	assert_int_equal(global_value(two, "hits_connect4") - before_two, of_two);
}

static void enter(const char *path)
{
	char file[300];
	int fd;

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "0", 1), 1);
	close(fd);
}

static void cgroup_exclusive_program_is_alone_here_and_below(void **state)
{
	const struct skep_cgroup_opts exclusive = mode(SKEP_CGROUP_EXCLUSIVE);
	const char *here = sandbox_cgroup();
	struct skep_link *link;
	char says[700], inner[300];

	(void)state;
	NEED_SANDBOX();
	link = attach(one, here, &exclusive);
	expect_hits(1, 0);
	expect_attached(here, id_of(one), 0, 0);
	refuse(two, here, &exclusive, EBUSY, "takes one in this mode");
	refuse(two, here, NULL, EPERM, "in mode exclusive, which does not go with mode multi");
	snprintf(says, sizeof(says), "a cgroup above %s has program %u in mode exclusive", below,
		 id_of(one));
	refuse(two, below, NULL, EPERM, says);
	/* The cgroup between has no program. */
	snprintf(inner, sizeof(inner), "%s/inner", below);
	assert_int_equal(mkdir(inner, 0700), 0);
	snprintf(says, sizeof(says), "a cgroup above %s has program %u in mode exclusive", inner,
		 id_of(one));
	refuse(two, inner, NULL, EPERM, says);
	assert_int_equal(rmdir(inner), 0);
	skep_link_close(link);
	expect_hits(0, 0);
	expect_attached(here, 0, 0, 0);
}

static void cgroup_override_program_gives_way_to_one_below(void **state)
{
	const struct skep_cgroup_opts override = mode(SKEP_CGROUP_OVERRIDE);
	const char *here = sandbox_cgroup();
	struct skep_link *above, *inner;

	(void)state;
	NEED_SANDBOX();
	above = attach(one, here, &override);
	inner = attach(two, below, &override);
	expect_attached(here, id_of(one), 0, BPF_F_ALLOW_OVERRIDE);
	expect_hits(1, 0);
	enter(below);
	expect_hits(0, 1);
	skep_link_close(inner);
	expect_hits(1, 0);
	enter(here);
	skep_link_close(above);
	expect_hits(0, 0);
}

static void cgroup_multi_programs_run_here_and_from_above(void **state)
{
	const char *here = sandbox_cgroup();
	struct skep_link *above, *inner;
	struct skep_attached *attached;

	(void)state;
	NEED_SANDBOX();
	above = attach(one, here, NULL);
	inner = attach(two, below, NULL);
	attached = attached_to(below, true);
	assert_int_equal(attached->n, 2);
	skep_attached_free(attached);
	enter(below);
	expect_hits(1, 1);
	enter(here);
	skep_link_close(inner);
	skep_link_close(above);
	attached = attached_to(below, true);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
}

static void cgroup_program_takes_the_place_of_the_named_one(void **state)
{
	struct skep_cgroup_opts multi = mode(SKEP_CGROUP_MULTI);
	const char *here = sandbox_cgroup();
	struct skep_attr_prog_attach plain = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_SANDBOX();
	multi.replace_id = id_of(one);
	refuse(two, here, &multi, ENOENT, "which it is to replace, is not attached");
	plain.target_fd = (uint32_t)open(here, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	plain.attach_bpf_fd = (uint32_t)skep_program_fd(program(one));
	plain.attach_type = BPF_CGROUP_INET4_CONNECT;
	plain.attach_flags = BPF_F_ALLOW_MULTI;
	assert_int_equal(skep_bpf_prog_attach(&plain), 0);
	close((int)plain.target_fd);
	link = attach(two, here, &multi);
	expect_attached(here, id_of(two), 0, BPF_F_ALLOW_MULTI);
	expect_hits(0, 1);
	skep_link_close(link);
	expect_attached(here, 0, 0, 0);
}

static bool counts_revisions(void)
{
	struct skep_attached *attached = attached_to(sandbox_cgroup(), false);
	bool counts = attached->revision;

	skep_attached_free(attached);
	return counts;
}

static void cgroup_programs_have_the_place_that_is_asked_for(void **state)
{
	struct skep_cgroup_opts opts = mode(SKEP_CGROUP_MULTI);
	const char *here = sandbox_cgroup();
	struct skep_link *first, *second;

	(void)state;
	NEED_SANDBOX();
	opts.at.order = SKEP_ORDER_FIRST;
	if (!counts_revisions()) {
		refuse(two, here, &opts, ENOTSUP, "no order of the programs");
		SKIP_TEST("this kernel has no order of the programs of a cgroup");
	}
	first = attach(one, here, NULL);
	second = attach(two, here, NULL);
	expect_attached(here, id_of(one), id_of(two), BPF_F_ALLOW_MULTI);
	skep_link_close(second);
	second = attach(two, here, &opts);
	expect_attached(here, id_of(two), id_of(one), BPF_F_ALLOW_MULTI);
	skep_link_close(second);
	opts.at = (struct skep_anchor){ .order = SKEP_ORDER_BEFORE, .program_id = id_of(one) };
	refuse(two, here, &opts, EINVAL, "give link_fd or link_id");
	opts.at = (struct skep_anchor){ .order = SKEP_ORDER_BEFORE,
					.link_id = link_id(skep_link_fd(first)) };
	second = attach(two, here, &opts);
	expect_attached(here, id_of(two), id_of(one), BPF_F_ALLOW_MULTI);
	skep_link_close(second);
	opts.at = (struct skep_anchor){ .order = SKEP_ORDER_AFTER, .link_fd = skep_link_fd(first) };
	second = attach(two, here, &opts);
	expect_attached(here, id_of(one), id_of(two), BPF_F_ALLOW_MULTI);
	skep_link_close(second);
	opts.at = (struct skep_anchor){ .expected_revision = 1 };
	refuse(two, here, &opts, ESTALE, "has changed since revision 1");
	skep_link_close(first);
}

static void cgroup_modes_that_contradict_are_told(void **state)
{
	struct skep_cgroup_opts opts = mode(SKEP_CGROUP_EXCLUSIVE);
	struct skep_error err = { 0 };

	(void)state;
	NEED_SANDBOX();
	opts.at.order = SKEP_ORDER_FIRST;
	refuse(one, sandbox_cgroup(), &opts, EINVAL, "no place among others");
	opts = mode(SKEP_CGROUP_MULTI);
	opts.at.order = SKEP_ORDER_FIRST;
	opts.replace_id = 1;
	refuse(one, sandbox_cgroup(), &opts, EINVAL, "has that place");
	refuse(one, NULL, NULL, EINVAL, "path");
	assert_null(skep_attached_to_cgroup("/no/such", BPF_CGROUP_INET4_CONNECT, false, &err));
	assert_int_equal(err.code, ENOENT);
	assert_null(skep_attached_to_cgroup(NULL, BPF_CGROUP_INET4_CONNECT, false, &err));
	assert_int_equal(err.code, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroup_exclusive_program_is_alone_here_and_below),
		cmocka_unit_test(cgroup_override_program_gives_way_to_one_below),
		cmocka_unit_test(cgroup_multi_programs_run_here_and_from_above),
		cmocka_unit_test(cgroup_program_takes_the_place_of_the_named_one),
		cmocka_unit_test(cgroup_programs_have_the_place_that_is_asked_for),
		cmocka_unit_test(cgroup_modes_that_contradict_are_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, teardown);
}
