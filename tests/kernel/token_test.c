// SPDX-License-Identifier: MIT
/*
 * Rights delegated to a user namespace: a child enters one of its own, the test mounts a BPF file
 * system for it, and the child loads with what that gives.
 */
#include "kernel/rights_support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char mount_point[] = "/tmp/skep-token-XXXXXX";

static int send_fd(int to, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &message, 0) == 1 ? 0 : -1;
}

/* -1 also when a byte came without a descriptor, or nothing. */
static int receive_fd(int from)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd = -1;

	if (recvmsg(from, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ret = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
	close(fd);
	return ret;
}

/* In the child: its own namespaces, and a mount that the test has made for them. */
static int enter(int socket)
{
	int fs, mount_fd;
	char byte;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) || write(socket, "u", 1) != 1 ||
	    read(socket, &byte, 1) != 1 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -1;
	fs = fsopen("bpf", FSOPEN_CLOEXEC);
	if (fs < 0 || send_fd(socket, fs))
		return -1;
	mount_fd = receive_fd(socket);
	return mount_fd < 0 ?
		       -1 :
		       move_mount(mount_fd, "", AT_FDCWD, mount_point, MOVE_MOUNT_F_EMPTY_PATH);
}

/* In the test: maps the child to root, and mounts what it has opened; -1: no delegation here. */
static int prepare(pid_t child, int socket, const char *programs)
{
	const char *const options[][2] = { { "delegate_cmds", "any" },
					   { "delegate_maps", "any" },
					   { "delegate_progs", programs },
					   { "delegate_attachs", "any" } };
	int fs, mount_fd, ret = 0;
	char byte;

	if (read(socket, &byte, 1) != 1 || write_file(child, "setgroups", "deny") ||
	    write_file(child, "uid_map", "0 0 1") || write_file(child, "gid_map", "0 0 1") ||
	    write(socket, "m", 1) != 1)
		return -1;
	fs = receive_fd(socket);
	if (fs < 0)
		return -1;
	for (size_t i = 0; i < 4 && !ret; i++)
		if (options[i][1])
			ret = fsconfig(fs, FSCONFIG_SET_STRING, options[i][0], options[i][1], 0);
	if (!ret)
		ret = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	mount_fd = ret ? -1 : fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (mount_fd >= 0)
		ret = send_fd(socket, mount_fd);
	close(mount_fd);
	close(fs);
	return ret;
}

typedef void (*attempt_fn)(struct skep_error *err);

/* What @attempt says in the child; false when this machine cannot delegate. */
static bool delegated(const char *programs, attempt_fn attempt, struct skep_error *err)
{
	int ends[2], status, ret;
	pid_t child;

	memset(err, 0, sizeof(*err));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	strcpy(mount_point, "/tmp/skep-token-XXXXXX");
	assert_non_null(mkdtemp(mount_point));
	child = fork();
	if (!child) {
		close(ends[0]);
		if (enter(ends[1]))
			_exit(1);
		attempt(err);
		_exit(write(ends[1], err, sizeof(*err)) != sizeof(*err));
	}
	close(ends[1]);
	ret = prepare(child, ends[0], programs);
	if (!ret && recv(ends[0], err, sizeof(*err), MSG_WAITALL) != sizeof(*err))
		ret = -1;
	close(ends[0]);
	waitpid(child, &status, 0);
	rmdir(mount_point);
	return !ret && !status;
}

#define NEED_DELEGATION(programs, attempt, err)                           \
	do {                                                              \
		NEED_BPF();                                               \
		NEED_NO_VALGRIND("fsopen(2)");                            \
		NEED(delegated((programs), (attempt), (err)),             \
		     "no BPF file system that delegates can be mounted"); \
	} while (0)

static void load(const char *token_path, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts),
					       .strict = true,
					       .token_path = token_path };
	static const uint8_t packet[64];
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_spec *spec = open_fixture("system_view");
	struct skep_object *object = skep_object_load(spec, &opts, err);

	if (object && !skep_program_test_run(skep_object_program_at(object, 0), &run, err) &&
	    run.retval != 40)
		err->code = EPROTO;
	skep_object_close(object);
	skep_spec_free(spec);
}

static void with_token(struct skep_error *err)
{
	load(mount_point, err);
}

static void without_token(struct skep_error *err)
{
	load(NULL, err);
}

/* Of a type that needs CAP_BPF, and of one that needs BTF besides. */
static void create_maps(const char *token_path, struct skep_error *err)
{
	struct skep_map_opts opts = { .size = sizeof(opts),
				      .name = "delegated",
				      .type = BPF_MAP_TYPE_LPM_TRIE,
				      .key_size = 8,
				      .value_size = 8,
				      .max_entries = 4,
				      .flags = BPF_F_NO_PREALLOC,
				      .token_path = token_path };
	struct skep_map *map = skep_map_create(&opts, err);

	skep_map_close(map);
	if (!map)
		return;
	opts.type = BPF_MAP_TYPE_SK_STORAGE;
	opts.key_size = 4;
	opts.max_entries = 0;
	skep_map_close(skep_map_create(&opts, err));
}

static void maps_with_token(struct skep_error *err)
{
	create_maps(mount_point, err);
}

static void maps_without_token(struct skep_error *err)
{
	create_maps(NULL, err);
}

static void a_token_is_enough_for_maps_alone(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_DELEGATION("any", maps_with_token, &err);
	assert_ok(!err.code, &err);
	NEED_DELEGATION("any", maps_without_token, &err);
	assert_int_equal(err.code, EPERM);
}

static void a_token_gives_a_user_namespace_what_it_needs(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_DELEGATION("any", with_token, &err);
	assert_ok(!err.code, &err);
}

static void a_user_namespace_without_token_is_told(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_DELEGATION("any", without_token, &err);
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "user namespace");
	assert_error_says(&err, "BPF token");
}

static void what_a_token_does_not_allow_is_told(void **state)
{
	struct skep_error err;

	(void)state;
	/* Programs of type 6, which is xdp: no socket filters. */
	NEED_DELEGATION("0x40", with_token, &err);
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "does not allow it");
	assert_error_says(&err, "delegate_progs");
}

static void places_that_give_no_token_are_told(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_int_equal(skep_token_create("/", &err), -EINVAL);
	assert_error_says(&err, "no BPF file system");
	assert_int_equal(skep_token_create("/no/such/folder", &err), -ENOENT);
	assert_int_equal(skep_token_create(NULL, &err), -EINVAL);
}

/* As root of the machine, where a token gives nothing. */
static void tokens_outside_of_user_namespaces_are_told(void **state)
{
	struct skep_error err = { 0 };
	int ret;

	(void)state;
	NEED_BPF();
	if (skep_token_create("/sys/fs/bpf", &err) == -EINVAL)
		SKIP_TEST("no BPF file system is mounted");
	ret = skep_token_create("/sys/fs/bpf", &err);
	if (skep_probe_feature(SKEP_FEATURE_TOKEN, NULL) == SKEP_YES) {
		assert_true(ret == -ENOTSUP || ret == -ENOENT);
		if (ret == -ENOTSUP)
			assert_error_says(&err, "tokens are for user namespaces");
	} else {
		assert_int_equal(ret, -ENOTSUP);
		assert_error_says(&err, "this kernel has no BPF tokens");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_gives_a_user_namespace_what_it_needs),
		cmocka_unit_test(a_token_is_enough_for_maps_alone),
		cmocka_unit_test(a_user_namespace_without_token_is_told),
		cmocka_unit_test(what_a_token_does_not_allow_is_told),
		cmocka_unit_test(places_that_give_no_token_are_told),
		cmocka_unit_test(tokens_outside_of_user_namespaces_are_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
