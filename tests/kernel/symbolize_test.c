// SPDX-License-Identifier: MIT
/* Names of addresses in this kernel, this process and others. */
#include "kernel/support.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kernel/kallsyms.h"
#include "symbol/process.h"
#include "user/symbols.h"

static volatile int sink;

__attribute__((noinline)) static void function_of_this_test(void)
{
	sink++;
}

static struct skep_symbolizer *new_symbolizer(void)
{
	struct skep_error err = { 0 };
	struct skep_symbolizer *s = skep_symbolizer_new(NULL, &err);

	assert_ok(s, &err);
	return s;
}

/* The symbol of one address of a process, or "-". */
static const char *name_of(struct skep_symbolizer *s, int pid, uint64_t address)
{
	static struct skep_frame frame;
	struct skep_error err = { 0 };

	assert_ok(!skep_symbolize_user(s, pid, &address, 1, 0, &frame, &err), &err);
	return frame.symbol ? frame.symbol : "-";
}

static void functions_of_this_process_are_named(void **state)
{
	const uint64_t addresses[] = { (uintptr_t)function_of_this_test + 1,
				       (uintptr_t)dlsym(RTLD_DEFAULT, "qsort"), 16 };
	struct skep_symbolizer *s = new_symbolizer();
	struct skep_frame frames[3];
	struct skep_error err = { 0 };

	(void)state;
	function_of_this_test();
	assert_ok(!skep_symbolize_user(s, getpid(), addresses, 3, 0, frames, &err), &err);
	assert_string_equal(frames[0].symbol, "function_of_this_test");
	assert_int_equal(frames[0].offset, 1);
	assert_non_null(strstr(frames[0].file, "symbolize"));
	/* Sanitizers have their own. */
	assert_non_null(strstr(frames[1].symbol, "qsort"));
	assert_int_equal(frames[1].offset, 0);
	assert_non_null(strstr(frames[1].file, ".so"));
	assert_true(frames[1].file_offset > 0);
	assert_null(frames[2].symbol);
	assert_int_equal(frames[2].address, 16);
	skep_symbolizer_free(s);
}

/* The call is the last of its function: the return address is in the next one. */
static void return_addresses_are_named_by_their_calls(void **state)
{
	uint64_t begin = (uintptr_t)function_of_this_test;
	const uint64_t addresses[] = { begin, begin };
	struct skep_symbolizer *s = new_symbolizer();
	struct skep_frame frames[2];

	(void)state;
	assert_int_equal(
		skep_symbolize_user(s, getpid(), addresses, 2, SKEP_SYMBOLIZE_STACK, frames, NULL),
		0);
	assert_string_equal(frames[0].symbol, "function_of_this_test");
	assert_true(!frames[1].symbol || strcmp(frames[1].symbol, "function_of_this_test") != 0);
	skep_symbolizer_free(s);
}

static void the_vdso_is_named(void **state)
{
	const uint8_t *vdso = (const uint8_t *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);
	struct skep_process process = { .pid = getpid() };
	const struct skep_area *area;
	struct skep_symbolizer *s;
	struct skep_symbols symbols;
	struct skep_symbol symbol;
	struct skep_image image;

	(void)state;
	if (!vdso)
		SKIP_TEST("this process has no vDSO");
	assert_int_equal(skep_process_refresh(&process, false), 0);
	area = skep_process_area(&process, (uintptr_t)vdso);
	assert_non_null(area);
	assert_int_equal(skep_image_read(&image, vdso, area->end - area->start, "vdso", NULL), 0);
	assert_true(skep_symbols_open(&symbols, &image, SHT_DYNSYM));
	do
		assert_true(skep_symbols_next(&symbols, &symbol));
	while (!symbol.size);
	s = new_symbolizer();
	skep_vec_free(&process.areas);
	skep_text_free(&process.paths);
	/* Several names may mean one address. */
	assert_non_null(strstr(name_of(s, getpid(), (uintptr_t)vdso + symbol.addr), "_"));
	skep_symbolizer_free(s);
}

/* A child that waits until it is killed; what it does before comes from @prepare. */
static pid_t start_child(uint64_t (*prepare)(void), uint64_t *result)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		*result = prepare();
		if (write(ends[1], result, sizeof(*result)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], result, sizeof(*result)), sizeof(*result));
	close(ends[0]);
	close(ends[1]);
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static uint64_t nothing(void)
{
	return (uintptr_t)function_of_this_test;
}

static void processes_that_have_ended_are_remembered(void **state)
{
	struct skep_symbolizer *s = new_symbolizer();
	struct skep_frame frame;
	struct skep_error err = { 0 };
	uint64_t address;
	pid_t pid = start_child(nothing, &address);

	(void)state;
	assert_ok(!skep_symbolizer_add_process(s, pid, &err), &err);
	end_child(pid);
	assert_string_equal(name_of(s, pid, address), "function_of_this_test");
	usleep(2000);
	assert_string_equal(name_of(s, pid, address), "function_of_this_test");
	skep_symbolizer_free(s);
	s = new_symbolizer();
	assert_int_equal(skep_symbolize_user(s, pid, &address, 1, 0, &frame, &err), -ESRCH);
	assert_int_equal(frame.address, address);
	assert_null(frame.symbol);
	assert_error_says(&err, "there is no process");
	skep_symbolizer_free(s);
}

/* Killed, but nobody has waited for it: it is still there, and nothing is mapped. */
static void processes_that_nobody_waits_for_are_remembered(void **state)
{
	struct skep_symbolizer *s = new_symbolizer();
	uint64_t address;
	pid_t pid = start_child(nothing, &address);

	(void)state;
	assert_string_equal(name_of(s, pid, address), "function_of_this_test");
	kill(pid, SIGKILL);
	usleep(50000);
	assert_string_equal(name_of(s, pid, address), "function_of_this_test");
	usleep(1100000);
	assert_string_equal(name_of(s, pid, address), "function_of_this_test");
	end_child(pid);
	skep_symbolizer_free(s);
}

/* Copies the library of the fixtures and opens the copy. */
static uint64_t open_copy(const char *path)
{
	char buf[65536];
	int from = open(fixture_path("libuser_probes.so"), O_RDONLY), to;
	ssize_t n;
	void *lib;

	to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			_exit(1);
	close(from);
	close(to);
	lib = dlopen(path, RTLD_NOW);
	return lib ? (uintptr_t)dlsym(lib, "user_add") : 0;
}

static uint64_t open_and_delete(void)
{
	char path[64];
	uint64_t address;

	snprintf(path, sizeof(path), "/tmp/skep-symbolize-%d.so", getpid());
	address = open_copy(path);
	unlink(path);
	return address;
}

#define OWN_MOUNT "/tmp/skep-symbolize-mount"

/* On a file system that only this process has. */
static uint64_t open_in_own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    (mkdir(OWN_MOUNT, 0700) && errno != EEXIST) ||
	    mount("tmpfs", OWN_MOUNT, "tmpfs", 0, NULL))
		return 0;
	return open_copy(OWN_MOUNT "/only_here.so");
}

static void files_that_cannot_be_seen_are_named(void **state)
{
	static uint64_t (*const ways[])(void) = { open_and_delete, open_in_own_mounts };

	(void)state;
	NEED(!geteuid(), "only root may look into mappings of others");
	NEED_NO_VALGRIND("mappings");
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct skep_symbolizer *s = new_symbolizer();
		uint64_t address;
		pid_t pid = start_child(ways[i], &address);

		assert_true(address != 0);
		assert_string_equal(name_of(s, pid, address), "user_add");
		end_child(pid);
		skep_symbolizer_free(s);
	}
	rmdir(OWN_MOUNT);
}

static uint64_t make_code(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[64];
	FILE *map;

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	map = fopen(path, "w");
	if (!map || code == MAP_FAILED)
		return 0;
	fprintf(map, "%lx 100 Script:~hot app.js:7\n", (unsigned long)(uintptr_t)code);
	fclose(map);
	return (uintptr_t)code + 0x10;
}

static void compiled_code_is_named_by_its_process_alone(void **state)
{
	uint64_t address;
	pid_t pid = start_child(make_code, &address);
	struct skep_symbolizer *s = new_symbolizer();
	char path[64], name[64];

	(void)state;
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", pid);
	snprintf(name, sizeof(name), "%s", name_of(s, pid, address));
	skep_symbolizer_free(s);
	s = new_symbolizer();
	/* Somebody else's file: whoever may write to /tmp could invent names. */
	if (!chown(path, 65534, 65534))
		assert_string_equal(name_of(s, pid, address), "-");
	unlink(path);
	end_child(pid);
	skep_symbolizer_free(s);
	assert_string_equal(name, "Script:~hot app.js:7");
}

static void libraries_that_come_later_are_seen(void **state)
{
	struct skep_symbolizer *s = new_symbolizer();
	uint64_t address;

	(void)state;
	assert_string_equal(name_of(s, getpid(), (uintptr_t)function_of_this_test),
			    "function_of_this_test");
	usleep(30000);
	address = open_and_delete();
	assert_true(address != 0);
	assert_string_equal(name_of(s, getpid(), address), "user_add");
	skep_symbolizer_free(s);
}

static void build_ids_are_named_without_a_process(void **state)
{
	struct bpf_stack_build_id ids[3] = { 0 };
	struct skep_symbolizer *s = new_symbolizer();
	uint64_t address = (uintptr_t)function_of_this_test;
	struct skep_frame frames[3];
	struct skep_error err = { 0 };

	(void)state;
	assert_ok(!skep_symbolize_user(s, getpid(), &address, 1, 0, frames, &err), &err);
	ids[0].status = BPF_STACK_BUILD_ID_VALID;
	ids[0].offset = frames[0].file_offset;
	memset(ids[0].build_id, 0x5a, sizeof(ids[0].build_id));
	ids[1].status = BPF_STACK_BUILD_ID_IP;
	ids[1].ip = address;
	assert_ok(!skep_symbolize_build_ids(s, getpid(), ids, 3, 0, frames, &err), &err);
	assert_null(frames[0].symbol);
	assert_null(frames[0].file);
	assert_string_equal(frames[1].symbol, "function_of_this_test");
	assert_null(frames[2].symbol);
	skep_symbolizer_free(s);
}

static void the_kernel_is_named(void **state)
{
	struct skep_symbolizer *s = new_symbolizer();
	struct skep_error err = { 0 };
	struct skep_frame frames[2];
	uint64_t addresses[2];

	(void)state;
	if (skep_kallsyms_find("bpf_prog_put", &addresses[0], &err)) {
		skep_symbolizer_free(s);
		SKIP_TEST("the kernel hides its addresses");
	}
	addresses[0] += 3;
	addresses[1] = 5;
	assert_ok(!skep_symbolize_kernel(s, addresses, 2, 0, frames, &err), &err);
	assert_string_equal(frames[0].symbol, "bpf_prog_put");
	assert_int_equal(frames[0].offset, 3);
	assert_null(frames[0].file);
	assert_true(frames[0].is_kernel);
	assert_null(frames[1].symbol);
	skep_symbolizer_free(s);
}

static void wrong_use_is_an_error(void **state)
{
	struct skep_symbolizer *s = new_symbolizer();
	struct skep_error err = { 0 };
	struct skep_frame frame;
	uint64_t address = 1;

	(void)state;
	assert_int_equal(skep_symbolize_kernel(NULL, &address, 1, 0, &frame, &err), -EINVAL);
	assert_int_equal(skep_symbolize_user(s, 1, NULL, 1, 0, &frame, &err), -EINVAL);
	assert_int_equal(skep_symbolize_build_ids(s, 1, NULL, 1, 0, &frame, &err), -EINVAL);
	assert_int_equal(skep_symbolize_user(s, 1, NULL, 0, 0, NULL, &err), 0);
	assert_int_equal(skep_symbolizer_add_process(NULL, 1, &err), -EINVAL);
	assert_int_equal(skep_symbolize_user(s, -5, &address, 1, 0, &frame, &err), -ESRCH);
	skep_symbolizer_free(s);
	skep_symbolizer_free(NULL);
}

/* Fewer processes and less memory than are looked at. */
static void what_was_used_long_ago_makes_room(void **state)
{
	const struct skep_symbolizer_opts opts = { .size = sizeof(opts),
						   .max_processes = 2,
						   .max_bytes = 1 };
	struct skep_symbolizer *s = skep_symbolizer_new(&opts, NULL);
	uint64_t address;
	pid_t pids[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		pids[i] = start_child(nothing, &address);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < 4; i++)
			assert_string_equal(name_of(s, pids[i], address), "function_of_this_test");
	for (size_t i = 0; i < 4; i++)
		end_child(pids[i]);
	skep_symbolizer_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_this_process_are_named),
		cmocka_unit_test(return_addresses_are_named_by_their_calls),
		cmocka_unit_test(the_vdso_is_named),
		cmocka_unit_test(processes_that_have_ended_are_remembered),
		cmocka_unit_test(processes_that_nobody_waits_for_are_remembered),
		cmocka_unit_test(files_that_cannot_be_seen_are_named),
		cmocka_unit_test(compiled_code_is_named_by_its_process_alone),
		cmocka_unit_test(libraries_that_come_later_are_seen),
		cmocka_unit_test(build_ids_are_named_without_a_process),
		cmocka_unit_test(the_kernel_is_named),
		cmocka_unit_test(wrong_use_is_an_error),
		cmocka_unit_test(what_was_used_long_ago_makes_room),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
