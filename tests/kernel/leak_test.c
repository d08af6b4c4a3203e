// SPDX-License-Identifier: MIT
/* However often and however suddenly: loading and attaching leaves nothing behind. */
#include "kernel/link_rig.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One for each way of being attached: each kind of bpf_link that every kernel has, and its hook. */
static const char *const families[] = { "on_egress", "on_lookup", "on_xdp", "on_raw",
					"on_btf",    "on_iter",	  "on_perf" };

#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

#define ALL SIZE_MAX
#define TAG "skepcycle"

/* Whether a program is of the family of this index, or of any. */
static bool is_wanted(const char *name, size_t which)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (!strcmp(name, families[i]))
			return which == ALL || which == i;
	return false;
}

/* The fixture with all of its programs and maps under one name, by which they are found again. */
static struct skep_spec *open_tagged(const char *tag, size_t which)
{
	const struct skep_spec_opts opts = { .size = sizeof(opts), .name = tag };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	spec = skep_spec_open(fixture_path(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
						   "link_life.el.o" :
						   "link_life.eb.o"),
			      &opts, &err);
	assert_ok(spec, &err);
	only_this_process(spec);
	for (size_t i = 0; i < spec->n_programs; i++) {
		spec->programs[i]->load = is_wanted(spec->programs[i]->name, which);
		spec->programs[i]->name = tag;
	}
	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i]->kind == SKEP_MAP_DEFINED)
			spec->maps[i]->name = tag;
	return spec;
}

/*
 * Loads, attaches, fires, detaches, closes. Returns the number of links. An attachment may fail:
 * the kernel frees what a killed process held at an interface a moment later.
 */
static size_t cycle(const char *tag, size_t which)
{
	struct skep_link *links[N_FAMILIES] = { NULL };
	struct skep_spec *spec = open_tagged(tag, which);
	struct skep_object *object = skep_object_load(spec, NULL, NULL);
	size_t n = 0;

	for (size_t i = 0; object && i < spec->n_programs; i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		struct skep_link *link;

		link = skep_program_fd(program) >= 0 ? sandbox_attach(program, NULL) : NULL;
		if (link)
			links[n++] = link;
	}
	call_kernel(3);
	sandbox_send();
	for (size_t i = 0; i < n; i++) {
		if (i % 2)
			skep_link_detach(links[i], NULL);
		skep_link_close(links[i]);
	}
	skep_object_close(object);
	skep_spec_free(spec);
	return n;
}

/* Whether every instruction is checked, so that fewer rounds must do. */
static bool is_checked(void)
{
	return getenv("SKEP_VALGRIND") || getenv("SKEP_SANITIZED");
}

static size_t how_many(void)
{
	return is_checked() || getenv("SKEP_VM") ? 21 : 1000;
}

static void many_cycles_leak_nothing(void **state)
{
	size_t n = how_many(), fds, bytes;

	(void)state;
	NEED_SANDBOX();
	/* Until what is kept for the whole process and the allocator's caches are there. */
	for (size_t i = 0; i < n / 4; i++)
		cycle(TAG, i % N_FAMILIES);
	fds = count_fds();
	bytes = mallinfo2().uordblks;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(cycle(TAG, i % N_FAMILIES), 1);
	assert_int_equal(count_fds(), fds);
	/* Where there are few cycles, valgrind and the sanitizers count bytes. */
	assert_true(n < 1000 || mallinfo2().uordblks < bytes + n);
	assert_true(programs_go_away(TAG));
	assert_true(maps_go_away(TAG, 0));
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Numbers that look like chance and are the same in each run (Knuth's MMIX). */
static uint32_t draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 32);
}

static pid_t start_cycling(const char *tag)
{
	pid_t child = fork_with_test();

	assert_true(child >= 0);
	if (!child)
		for (;;)
			cycle(tag, ALL);
	return child;
}

/* What a child's first cycle takes, from its beginning to its end. */
static uint64_t first_cycle_us(const char *tag)
{
	uint64_t start = now_us();
	int status;
	pid_t child = fork_with_test();

	assert_true(child >= 0);
	if (!child)
		_exit(cycle(tag, ALL) >= 5 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return now_us() - start;
}

/* One moment in each of as many parts of the first cycle, so that none of its steps is left out. */
static void a_killed_process_leaves_nothing(void **state)
{
	const uint32_t times = is_checked() ? 20 : 200;
	uint64_t seed = 20240229, whole;
	char tag[16];

	(void)state;
	NEED_SANDBOX();
	snprintf(tag, sizeof(tag), "skepk%u", (unsigned int)getpid() % 100000);
	whole = first_cycle_us(tag);
	for (uint32_t i = 0; i < times; i++) {
		pid_t child = start_cycling(tag);
		int status;

		usleep((useconds_t)((i * 1000ull + draw(&seed) % 1000) * whole / (times * 1000)));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status))
			fail_msg("the child ended by itself: %d", WEXITSTATUS(status));
	}
	assert_true(programs_go_away(tag));
	assert_true(maps_go_away(tag, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_cycles_leak_nothing),
		cmocka_unit_test(a_killed_process_leaves_nothing),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
