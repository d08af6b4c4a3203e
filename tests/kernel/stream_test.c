// SPDX-License-Identifier: MIT
/* What programs print to their streams. */
#include "kernel/run_support.h"

#include <errno.h>
#include <sys/socket.h>

#define NEED_STREAMS()                                                                            \
	do {                                                                                      \
		NEED_JIT();                                                                       \
		if (!skep_btf_find(skep_btf_kernel(NULL), "bpf_prog_stream_read", BTF_KIND_FUNC)) \
			SKIP_TEST("programs of this kernel have no streams");                     \
	} while (0)

static struct rig load_streams(void)
{
	struct rig rig = { .spec = open_fixture("load_streams") };

	rig.object = load_spec(rig.spec);
	return rig;
}

static int fd_of(const struct rig *rig)
{
	return skep_program_fd(skep_object_program(rig->object, "prints"));
}

static void print(const struct rig *rig)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(rig->object, "prints"), &run, &err),
		  &err);
}

static void check_read(const struct rig *rig, enum skep_stream stream, size_t size,
		       const char *text)
{
	struct skep_error err = { 0 };
	char buffer[256];
	int64_t n = skep_system_stream_read(fd_of(rig), stream, buffer, size, &err);

	assert_ok(n >= 0, &err);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(buffer, text, strlen(text));
}

static void streams_are_read_apart_and_once(void **state)
{
	struct rig rig;

	(void)state;
	NEED_STREAMS();
	rig = load_streams();
	check_read(&rig, SKEP_STREAM_OUT, 256, "");
	print(&rig);
	/* alloc_pages_nolock() while the kernel sets up its memory, as in some machines for good.
	 */
	if ((int64_t)global_value(rig.object, "result") == -ENOMEM) {
		close_all(&rig);
		SKIP_TEST("this kernel has no memory to give to streams");
	}
	assert_int_equal(global_value(rig.object, "result"), 0);
	check_read(&rig, SKEP_STREAM_OUT, 5, "64 by");
	print(&rig);
	check_read(&rig, SKEP_STREAM_OUT, 256, "tes\n64 bytes\n");
	check_read(&rig, SKEP_STREAM_OUT, 256, "");
	check_read(&rig, SKEP_STREAM_ERR, 256, "error 7\nerror 7\n");
	close_all(&rig);
}

static void what_a_full_stream_cannot_take_is_told_to_the_program(void **state)
{
	struct rig rig;

	(void)state;
	NEED_STREAMS();
	rig = load_streams();
	/* 9 bytes each, and the kernel's limit is 100,000. */
	for (int i = 0; i < 12000; i++)
		print(&rig);
	assert_int_equal((int64_t)global_value(rig.object, "result"), -ENOSPC);
	close_all(&rig);
}

static void wrong_streams_are_told(void **state)
{
	struct skep_error err = { 0 };
	char buffer[8];
	int ends[2];

	(void)state;
	NEED_BPF();
	assert_int_equal(skep_system_stream_read(-1, SKEP_STREAM_OUT, buffer, 8, &err), -EBADF);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(skep_system_stream_read(ends[0], SKEP_STREAM_OUT, buffer, 8, &err),
			 -EINVAL);
	assert_error_says(&err, "no file descriptor of a program");
	assert_int_equal(skep_system_stream_read(ends[0], (enum skep_stream)3, buffer, 8, &err),
			 -EINVAL);
	assert_error_says(&err, "3 is no stream");
	close(ends[0]);
	close(ends[1]);
}

static void kernel_without_streams_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig = { 0 };
	char buffer[8];
	int ret;

	(void)state;
	NEED_BPF();
	rig.spec = open_fixture("load_minimal");
	rig.object = load_spec(rig.spec);
	ret = (int)skep_system_stream_read(skep_program_fd(skep_object_program_at(rig.object, 0)),
					   SKEP_STREAM_ERR, buffer, 8, &err);
	close_all(&rig);
	if (!ret)
		SKIP_TEST("this kernel has streams");
	assert_int_equal(ret, -ENOTSUP);
	assert_error_says(&err, "have no streams");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_read_apart_and_once),
		cmocka_unit_test(what_a_full_stream_cannot_take_is_told_to_the_program),
		cmocka_unit_test(wrong_streams_are_told),
		cmocka_unit_test(kernel_without_streams_says_so),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
