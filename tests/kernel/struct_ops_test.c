// SPDX-License-Identifier: MIT
/* A TCP congestion control made of programs, registered and used by a connection. */
#include "kernel/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/uapi.h"
#include "kernel/bpf.h"
#include "link/link.h"

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_map *map;
};

/* Creates these variables of the fixture only. */
static struct skep_spec *open_with(const char *first, const char *second)
{
	struct skep_spec *spec = open_fixture("struct_ops");

	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i]->kind == SKEP_MAP_STRUCT_OPS)
			spec->maps[i]->create = !strcmp(spec->maps[i]->name, first) ||
						!strcmp(spec->maps[i]->name, second);
	skep_spec_program(spec, "on_unnamed")->load = false;
	return spec;
}

/* False when this kernel refuses programs of this type, with the reason in @err. */
static bool load(struct rig *rig, const char *first, const char *second, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };

	rig->spec = open_with(first, second);
	rig->object = skep_object_load(rig->spec, &opts, err);
	rig->map = rig->object ? skep_object_map(rig->object, first) : NULL;
	if (!rig->object)
		skep_spec_free(rig->spec);
	return rig->object;
}

/* Of code that is made at run time: this kernel forbids it, or this architecture has none. */
static bool is_refusal(int code)
{
	return code == EPERM || code == ENOTSUP || code == SKEP_ENOTSUPP;
}

static void unload(struct rig *rig)
{
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

#define NEED_OPS(rig, first, second)                                                \
	do {                                                                        \
		struct skep_error why_ = { 0 };                                     \
                                                                                    \
		NEED_SANDBOX();                                                     \
		if (!load((rig), (first), (second), &why_)) {                       \
			if (!is_refusal(why_.code))                                 \
				assert_ok(false, &why_);                            \
			SKIP_TEST("the kernel refuses struct_ops: %s", why_.cause); \
		}                                                                   \
	} while (0)

/* 0, or the errno of asking for a congestion control. */
static int choose(int fd, const char *name)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) ? errno :
											    0;
}

static bool is_registered(const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = choose(fd, name);

	close(fd);
	return !code;
}

/* The kernel forgets one when its last reference is gone, a grace period later. */
static bool goes_away(const char *name)
{
	for (int i = 0; i < 500 && is_registered(name); i++)
		usleep(10000);
	return !is_registered(name);
}

/* A connection that uses this congestion control and carries 64 KiB. */
static void use(const char *name)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	socklen_t len = sizeof(at);
	static char data[16384];

	assert_int_equal(choose(fd, name), 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	for (int i = 0; i < 4; i++) {
		size_t got = 0;

		assert_int_equal(write(fd, data, sizeof(data)), sizeof(data));
		while (got < sizeof(data)) {
			ssize_t n = read(peer, data, sizeof(data) - got);

			assert_true(n > 0);
			got += (size_t)n;
		}
	}
	close(fd);
	close(peer);
	close(listener);
}

static void congestion_control_serves_a_connection(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	assert_false(is_registered("skep_control"));
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "struct_ops control (tcp_congestion_ops)");
	use("skep_control");
	assert_true(global_value(rig.object, "inits") >= 1);
	assert_true(global_value(rig.object, "acks") >= 1);
	skep_link_close(link);
	assert_true(goes_away("skep_control"));
	unload(&rig);
}

static void object_registers_what_was_loaded(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	assert_ok(skep_object_attach(rig.object, &err) == 1, &err);
	use("skep_control");
	skep_object_detach(rig.object);
	assert_true(goes_away("skep_control"));
	unload(&rig);
	/* Without a bpf_link, the source's wish as well as an older kernel's only way. */
	NEED_OPS(&rig, "old", "");
	assert_ok(skep_object_attach(rig.object, &err) == 1, &err);
	use("skep_old");
	unload(&rig);
	assert_true(goes_away("skep_old"));
}

static void info_of_struct_ops(void **state)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	assert_ok(!skep_link_info(link, &info, &err), &err);
	if (skep_link_fd(link) >= 0) {
		assert_int_equal(info.type, SKEP_LINK_STRUCT_OPS);
		assert_int_equal(info.struct_ops.map_id, map_id(skep_map_fd(rig.map)));
		assert_int_equal(info.prog_id, 0);
	} else {
		assert_int_equal(info.type, SKEP_LINK_NONE);
	}
	skep_link_info_free(&info);
	skep_link_close(link);
	unload(&rig);
}

static void registered_table_is_exchanged_for_another(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *other;
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "other");
	other = skep_object_map(rig.object, "other");
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	if (skep_link_fd(link) < 0) {
		assert_int_equal(skep_link_update_map(link, other, NULL, &err), -EOPNOTSUPP);
		skep_link_close(link);
		unload(&rig);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	use("skep_control");
	assert_int_equal(global_value(rig.object, "other_inits"), 0);
	assert_int_equal(skep_link_update_map(link, other, other, &err), -ESTALE);
	assert_ok(!skep_link_update_map(link, other, rig.map, &err), &err);
	use("skep_control");
	assert_true(global_value(rig.object, "other_inits") >= 1);
	skep_link_close(link);
	assert_true(goes_away("skep_control"));
	unload(&rig);
}

static void registered_table_is_detached(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct rig rig;
	int ret;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	ret = skep_link_detach(link, &err);
	if (ret)
		skep_link_close(link);
	assert_true(goes_away("skep_control"));
	if (!ret)
		skep_link_close(link);
	unload(&rig);
	assert_true(!ret || ret == -EOPNOTSUPP);
	if (ret)
		SKIP_TEST("this kernel detaches struct_ops only by closing the link");
}

static void registered_table_is_pinned(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	if (skep_link_fd(link) < 0) {
		assert_int_equal(skep_link_pin(link, sandbox_pin("ops"), &err), -ENOTSUP);
		skep_link_close(link);
		unload(&rig);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	assert_ok(!skep_link_pin(link, sandbox_pin("ops"), &err), &err);
	skep_link_close(link);
	unload(&rig);
	use("skep_control");
	link = skep_link_open_pinned(sandbox_pin("ops"), &err);
	assert_ok(link, &err);
	assert_ok(!skep_link_unpin(link, &err), &err);
	skep_link_close(link);
	assert_true(goes_away("skep_control"));
}

static void taken_names_and_missing_functions_are_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "other");
	link = skep_map_attach_struct_ops(rig.map, &err);
	assert_ok(link, &err);
	assert_null(skep_map_attach_struct_ops(skep_object_map(rig.object, "other"), &err));
	assert_int_equal(err.code, EEXIST);
	assert_error_says(&err, "map 'other': the kernel has one of the same name already");
	skep_link_close(link);
	unload(&rig);
	NEED_OPS(&rig, "partly", "");
	assert_null(skep_map_attach_struct_ops(rig.map, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "functions that every tcp_congestion_ops must have");
	assert_null(skep_map_attach_struct_ops(skep_object_map(rig.object, ".bss"), &err));
	assert_error_says(&err, "it is no struct_ops variable");
	assert_null(skep_map_attach_struct_ops(NULL, &err));
	assert_int_equal(skep_link_update_map(NULL, rig.map, NULL, &err), -EINVAL);
	unload(&rig);
}

/* What is wrong with a map that cannot be created, loading only that variable. */
static void expect_refusal(const char *name, const char *says)
{
	struct skep_spec *spec = open_with(name, "");
	struct skep_error err = { 0 };
	struct skep_object *object = skep_object_load(spec, NULL, &err);
	const struct skep_map *map = object ? skep_object_map(object, name) : NULL;

	if (map)
		err = *skep_map_error(map);
	assert_error_says(&err, says);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void members_that_the_kernel_lacks_are_named(void **state)
{
	(void)state;
	NEED_JIT();
	expect_refusal("newer", "tcp_congestion_ops has no member 'new_function', which the source "
				"sets");
	expect_refusal("unknown", "it has no struct bpf_struct_ops_skep_no_such_ops");
}

static void member_that_the_kernel_lacks_may_be_taken_out(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_map_spec *map;
	struct skep_spec *spec;

	(void)state;
	NEED_JIT();
	NEED_SANDBOX();
	spec = open_with("newer", "");
	map = skep_spec_map(spec, "newer");
	assert_ok(!skep_map_spec_function(spec, map, "new_function", NULL, &err), &err);
	skep_spec_program(spec, "on_new")->load = false;
	object = skep_object_load(spec, &opts, &err);
	if (!object && is_refusal(err.code)) {
		skep_spec_free(spec);
		SKIP_TEST("the kernel refuses struct_ops: %s", err.cause);
	}
	assert_ok(object, &err);
	assert_ok(skep_object_attach(object, &err) == 1, &err);
	use("skep_newer");
	skep_object_close(object);
	skep_spec_free(spec);
	assert_true(goes_away("skep_newer"));
}

static void program_that_no_table_names_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("struct_ops");
	only_program(spec, "on_unnamed");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "no struct_ops variable names it");
	/* One that only tables name which were switched off is switched off with them. */
	only_program(spec, "on_nothing");
	for (size_t i = 0; i < spec->n_maps; i++)
		spec->maps[i]->create = spec->maps[i]->kind != SKEP_MAP_STRUCT_OPS;
	object = skep_object_load(spec, NULL, &err);
	assert_null(skep_program_error(skep_object_program(object, "on_nothing")));
	skep_object_close(object);
	skep_spec_free(spec);
}

/* With a bpf_link nothing is left of a registration when its process is killed. */
static void killed_process_takes_its_registration_along(void **state)
{
	int pipes[2], status;
	struct rig rig;
	pid_t child;
	char c = 0;

	(void)state;
	NEED_JIT();
	NEED_OPS(&rig, "control", "");
	if (!(skep_map_flags(rig.map) & SKEP_F_LINK)) {
		unload(&rig);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	unload(&rig);
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (!child) {
		if (load(&rig, "control", "", NULL) && skep_object_attach(rig.object, NULL) == 1)
			c = 'x';
		(void)!write(pipes[1], &c, 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &c, 1), 1);
	assert_int_equal(c, 'x');
	assert_true(is_registered("skep_control"));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(goes_away("skep_control"));
	close(pipes[0]);
	close(pipes[1]);
}

/* A program that is in no table, on its own. */
static struct skep_object *load_passes(struct skep_spec **spec)
{
	*spec = open_fixture("load_metadata");
	only_program(*spec, "passes");
	return load_spec(*spec);
}

static void program_is_associated_with_one_table(void **state)
{
	struct skep_error err = { 0 };
	const struct skep_program *passes;
	struct skep_object *object;
	struct skep_spec *spec;
	struct rig rig = { 0 };
	int ret;

	(void)state;
	NEED_OPS(&rig, "control", "other");
	object = load_passes(&spec);
	passes = skep_object_program(object, "passes");
	ret = skep_program_associate(passes, rig.map, &err);
	if (ret == -ENOTSUP) {
		assert_error_says(&err, "associates no programs");
	} else {
		assert_ok(!ret, &err);
		assert_ok(!skep_program_associate(passes, rig.map, &err), &err);
		assert_int_equal(
			skep_program_associate(passes, skep_object_map(rig.object, "other"), &err),
			-EBUSY);
		assert_error_says(&err, "another table");
	}
	assert_int_equal(
		skep_program_associate(skep_object_program(rig.object, "on_init"), rig.map, &err),
		-EINVAL);
	assert_error_says(&err, "in a table of functions itself");
	skep_object_close(object);
	skep_spec_free(spec);
	unload(&rig);
	if (ret)
		SKIP_TEST("this kernel associates no programs with tables");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_is_associated_with_one_table),
		cmocka_unit_test(congestion_control_serves_a_connection),
		cmocka_unit_test(object_registers_what_was_loaded),
		cmocka_unit_test(info_of_struct_ops),
		cmocka_unit_test(registered_table_is_exchanged_for_another),
		cmocka_unit_test(registered_table_is_detached),
		cmocka_unit_test(registered_table_is_pinned),
		cmocka_unit_test(taken_names_and_missing_functions_are_told),
		cmocka_unit_test(members_that_the_kernel_lacks_are_named),
		cmocka_unit_test(member_that_the_kernel_lacks_may_be_taken_out),
		cmocka_unit_test(program_that_no_table_names_is_told),
		cmocka_unit_test(killed_process_takes_its_registration_along),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
