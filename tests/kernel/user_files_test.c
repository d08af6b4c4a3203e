// SPDX-License-Identifier: MIT
/* Which file is probed: another process's, in another mount namespace, deleted, in an archive. */
#include "kernel/user_support.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Does @act in a child when told, and ends. The child's answer is its exit code. */
struct child {
	pid_t pid;
	int to, from;
};

static struct child start_child(void (*prepare)(void), void (*act)(void))
{
	int to[2], from[2];
	struct child child;
	char byte = 0;

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (!child.pid) {
		close(to[1]);
		if (prepare)
			prepare();
		if (write(from[1], &byte, 1) == 1 && read(to[0], &byte, 1) == 1)
			act();
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	child.to = to[1];
	child.from = from[0];
	assert_int_equal(read(child.from, &byte, 1), 1);
	return child;
}

static void let_child_act(const struct child *child)
{
	int status;

	assert_int_equal(write(child->to, "", 1), 1);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_int_equal(status, 0);
	close(child->to);
	close(child->from);
}

static void call_it(void)
{
	for (int i = 0; i < 3; i++)
		call_user("user_add", 100, i);
}

static void uprobe_of_a_process_leaves_others_alone(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_link *link;
	struct child child;

	(void)state;
	NEED_USER_PROBES();
	call_user("user_add", 1, 2);
	child = start_child(NULL, call_it);
	opts.pid = child.pid;
	/* By its bare name: what the process has mapped. */
	link = attach_user(load_user("on_call"), "libuser_probes.so", &opts);
	call_user("user_add", 1, 2);
	assert_int_equal(fixture_value("hits"), 0);
	let_child_act(&child);
	assert_int_equal(fixture_value("hits"), 3);
	skep_link_close(link);
	fixture_leave();
}

static char hidden_file[64], hidden_dir[32];

static void copy_file(const char *from, const char *to)
{
	char buf[4096];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		assert_int_equal(write(out, buf, (size_t)n), n);
	close(in);
	close(out);
}

static int (*hidden_call)(int, int);

/* A library in a file system that only this child has. */
static void load_hidden_library(void)
{
	void *library;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", hidden_dir, "tmpfs", 0, NULL))
		_exit(2);
	copy_file(user_library(), hidden_file);
	library = dlopen(hidden_file, RTLD_NOW);
	hidden_call = library ? (int (*)(int, int))dlsym(library, "user_add") : NULL;
	if (!hidden_call)
		_exit(3);
}

static void delete_hidden_library(void)
{
	load_hidden_library();
	unlink(hidden_file);
}

static void call_hidden(void)
{
	hidden_call(3, 4);
}

static void expect_hidden_firing(void (*prepare)(void))
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	struct skep_error err = { 0 };
	struct skep_program *program = load_user("on_call");
	struct skep_link *link;
	struct child child;

	snprintf(hidden_dir, sizeof(hidden_dir), "/tmp/skep-user-XXXXXX");
	assert_non_null(mkdtemp(hidden_dir));
	snprintf(hidden_file, sizeof(hidden_file), "%s/libhidden.so", hidden_dir);
	child = start_child(prepare, call_hidden);
	assert_null(skep_program_attach_uprobe(program, hidden_file, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	opts.pid = child.pid;
	link = attach_user(program, hidden_file, &opts);
	let_child_act(&child);
	assert_int_equal(fixture_value("hits"), 1);
	skep_link_close(link);
	rmdir(hidden_dir);
	fixture_leave();
}

static void files_of_other_mount_namespaces_are_found(void **state)
{
	(void)state;
	NEED_USER_PROBES();
	expect_hidden_firing(load_hidden_library);
}

static void files_that_are_only_mapped_any_more_are_found(void **state)
{
	(void)state;
	NEED_USER_PROBES();
	if (access("/proc/self/map_files", R_OK | X_OK))
		SKIP_TEST("this kernel has no map_files");
	expect_hidden_firing(delete_hidden_library);
}

#define MEMBER	      "lib/libuser.so"
#define MEMBER_OFFSET 4096

static void put(uint8_t *p, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		p[i] = (uint8_t)value;
}

/* An archive with the library in it, at the beginning of a page as zipalign puts it. */
static size_t make_archive(const char *path, size_t size)
{
	const size_t name_len = strlen(MEMBER);
	uint8_t local[MEMBER_OFFSET] = "PK\3\4", entry[46] = "PK\1\2", end[22] = "PK\5\6";
	uint8_t *library = malloc(size);
	int in = open(user_library(), O_RDONLY | O_CLOEXEC);
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	assert_true(library && in >= 0 && out >= 0);
	assert_int_equal(read(in, library, size), size);
	put(local + 26, 2, name_len);
	put(local + 28, 2, MEMBER_OFFSET - 30 - name_len);
	strcpy((char *)local + 30, MEMBER);
	put(entry + 20, 4, size);
	put(entry + 24, 4, size);
	put(entry + 28, 2, name_len);
	put(end + 10, 2, 1);
	put(end + 16, 4, MEMBER_OFFSET + size);
	assert_int_equal(write(out, local, sizeof(local)), sizeof(local));
	assert_int_equal(write(out, library, size), size);
	assert_int_equal(write(out, entry, sizeof(entry)), sizeof(entry));
	assert_int_equal(write(out, MEMBER, name_len), name_len);
	assert_int_equal(write(out, end, sizeof(end)), sizeof(end));
	close(in);
	close(out);
	free(library);
	return size;
}

static void members_of_archives_are_probed(void **state)
{
	struct skep_uprobe_opts opts = in_this_process("user_add");
	char path[] = "/tmp/skep-apk-XXXXXX", name[64];
	int (*call)(int, int), fd;
	struct skep_link *link;
	struct stat st;
	uint8_t *code;

	(void)state;
	NEED_USER_PROBES();
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(stat(user_library(), &st), 0);
	make_archive(path, (size_t)st.st_size);
	/* Run from there: the function needs nothing but itself. */
	code = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd,
		    MEMBER_OFFSET);
	assert_ptr_not_equal(code, MAP_FAILED);
	call = (int (*)(int, int))(code + user_place(user_library(), "user_add", 0));
	snprintf(name, sizeof(name), "%s!/" MEMBER, path);
	link = attach_user(load_user("on_call"), name, &opts);
	assert_int_equal(call(3, 4), 7);
	assert_int_equal(fixture_value("hits"), 1);
	skep_link_close(link);
	assert_int_equal(call(3, 4), 7);
	assert_int_equal(fixture_value("hits"), 1);
	munmap(code, (size_t)st.st_size);
	close(fd);
	unlink(path);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uprobe_of_a_process_leaves_others_alone),
		cmocka_unit_test(files_of_other_mount_namespaces_are_found),
		cmocka_unit_test(files_that_are_only_mapped_any_more_are_found),
		cmocka_unit_test(members_of_archives_are_probed),
	};

	return cmocka_run_group_tests_name("user_files", tests, NULL, NULL);
}
