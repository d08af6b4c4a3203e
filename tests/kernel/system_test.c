// SPDX-License-Identifier: MIT
/* What the kernel tells of programs, maps, links and BTF, of this process and all others. */
#include "kernel/rights_support.h"
#include "kernel/system_support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char long_name[] = "program_with_a_name_that_is_cut";

/* Walks over all of a kind; true when @id was among them. */
static bool walk_finds(enum skep_system_kind kind, uint32_t id)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = kind };
	struct skep_error err = { 0 };
	uint32_t last = 0;
	bool found = false;
	int ret;

	while ((ret = skep_system_next(&walk, &err)) > 0) {
		assert_true(walk.id > last && walk.fd > 2);
		last = walk.id;
		found |= walk.id == id;
	}
	assert_ok(!ret, &err);
	assert_int_equal(walk.fd, -1);
	return found;
}

static void walks_find_what_is_loaded(void **state)
{
	const struct skep_program *program;
	size_t fds = count_fds();
	struct skep_error err = { 0 };
	struct skep_system_program *p;
	struct skep_link *link;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_minimal");
	program = skep_object_program_at(l.object, 0);
	link = skep_program_attach(program, &err);
	assert_ok(link, &err);
	p = skep_system_program_read(l.fd, 0, &err);
	assert_ok(p, &err);
	assert_true(walk_finds(SKEP_SYSTEM_PROGRAMS, p->id));
	assert_true(walk_finds(SKEP_SYSTEM_BTFS, p->btf_id));
	assert_true(walk_finds(SKEP_SYSTEM_LINKS, link_id(skep_link_fd(link))));
	skep_link_close(link);
	unload_fixture(&l);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, p->id));
	assert_false(walk_finds(SKEP_SYSTEM_PROGRAMS, p->id));
	skep_system_program_free(p);
	l = load_fixture("system_view");
	assert_true(
		walk_finds(SKEP_SYSTEM_MAPS, map_id(skep_map_fd(skep_object_map_at(l.object, 0)))));
	unload_fixture(&l);
	assert_int_equal(count_fds(), fds);
}

static void a_walk_can_be_ended_and_its_fd_be_kept(void **state)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_PROGRAMS };
	size_t fds = count_fds();
	struct loaded l;
	int kept;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_minimal");
	assert_int_equal(skep_system_next(&walk, NULL), 1);
	kept = walk.fd;
	walk.fd = -1;
	skep_system_next(&walk, NULL);
	assert_int_not_equal(fcntl(kept, F_GETFD), -1);
	close(kept);
	skep_system_end(&walk);
	unload_fixture(&l);
	assert_int_equal(count_fds(), fds);
}

static void a_program_is_told_with_all_its_facts(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p;
	struct loaded l;
	time_t now = time(NULL);

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	p = skep_system_program_read(l.fd, SKEP_SYSTEM_FDINFO, &err);
	assert_ok(p, &err);
	assert_int_equal(p->size, sizeof(*p));
	assert_int_equal(p->type, BPF_PROG_TYPE_SOCKET_FILTER);
	assert_int_equal(strlen(p->name), 15);
	assert_memory_equal(p->name, long_name, 15);
	assert_true(p->load_time / 1000000000 + 3 >= (uint64_t)now);
	assert_true(p->load_time / 1000000000 <= (uint64_t)now + 600);
	assert_int_equal(p->uid, getuid());
	assert_true(p->gpl);
	assert_int_equal(p->n_map_ids, 1);
	assert_int_equal(p->map_ids[0], map_id(skep_map_fd(skep_object_map_at(l.object, 0))));
	assert_true(p->btf_id && p->xlated_len && p->memlock >= 4096);
	assert_memory_not_equal(p->tag, "\0\0\0\0\0\0\0", 8);
	assert_null(p->insns);
	skep_system_program_free(p);
	unload_fixture(&l);
}

static void a_name_that_the_kernel_cuts_is_told_whole(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	p = skep_system_program_read(l.fd, SKEP_SYSTEM_FULL_NAME, &err);
	assert_ok(p, &err);
	assert_string_equal(p->name, long_name);
	skep_system_program_free(p);
	unload_fixture(&l);
}

static void check_machine_code(const struct skep_system_program *p)
{
	if (!p->jited_len)
		return;
	assert_non_null(p->jited);
	for (uint32_t i = 0; i < p->n_functions; i++) {
		assert_true(p->functions[i].jited_start != 0);
		assert_true(p->functions[i].jited_len != 0);
		assert_true(p->functions[i].jited_len <= p->jited_len);
	}
	assert_true(p->lines[0].jited >= p->functions[0].jited_start);
}

static void code_is_told_with_functions_and_source_lines(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p;
	bool found = false;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	p = skep_system_program_read(l.fd, SKEP_SYSTEM_CODE, &err);
	assert_ok(p, &err);
	assert_non_null(p->insns);
	assert_int_equal(p->n_insns * sizeof(*p->insns), p->xlated_len);
	assert_int_equal(p->insns[p->n_insns - 1].code, BPF_JMP | BPF_EXIT);
	assert_int_equal(p->n_functions, 2);
	assert_string_equal(p->functions[0].name, long_name);
	assert_string_equal(p->functions[1].name, "look_up_and_count");
	assert_int_equal(p->functions[0].insn, 0);
	assert_true(p->functions[1].insn > 0 && p->functions[1].insn < p->n_insns);
	assert_true(p->n_lines >= 3);
	for (uint32_t i = 0; i < p->n_lines; i++) {
		assert_non_null(strstr(p->lines[i].file, "system_view.bpf.c"));
		assert_true(p->lines[i].insn < p->n_insns && p->lines[i].line > 1);
		found |= strstr(p->lines[i].text, "look_up_and_count(3) + 40") != NULL;
	}
	assert_true(found);
	check_machine_code(p);
	skep_system_program_free(p);
	unload_fixture(&l);
}

static void a_map_is_told_with_all_its_attributes(void **state)
{
	struct skep_map_info m = { .size = sizeof(m) };
	struct skep_error err = { 0 };
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	assert_ok(!skep_system_map_read(skep_map_fd(skep_object_map_at(l.object, 0)), &m, &err),
		  &err);
	assert_int_equal(m.type, BPF_MAP_TYPE_HASH);
	assert_string_equal(m.name, "seen_by_system");
	assert_int_equal(m.key_size, 4);
	assert_int_equal(m.value_size, 8);
	assert_int_equal(m.max_entries, 7);
	assert_true(m.btf_id && m.key_type_id && m.value_type_id);
	assert_true(m.memory >= 7 * 12);
	assert_false(m.is_frozen);
	unload_fixture(&l);
}

static void constants_are_told_to_be_frozen(void **state)
{
	struct skep_map_info m = { .size = sizeof(m) };
	struct skep_error err = { 0 };
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_links");
	assert_ok(
		!skep_system_map_read(skep_map_fd(skep_object_map(l.object, ".rodata")), &m, &err),
		&err);
	assert_true(m.is_frozen);
	unload_fixture(&l);
}

static void the_kernels_btf_is_told_and_can_be_read(void **state)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_BTFS };
	const struct skep_btf *kernel = skep_btf_kernel(NULL);
	uint32_t kernel_btfs = 0;
	bool found = false;

	(void)state;
	NEED_BPF();
	if (!kernel)
		SKIP_TEST("the kernel has no BTF");
	while (skep_system_next(&walk, NULL) > 0) {
		struct skep_error err = { 0 };
		struct skep_system_btf *b = skep_system_btf_read(walk.fd, &err);
		struct skep_btf *types;

		assert_ok(b, &err);
		assert_int_equal(b->id, walk.id);
		if (b->kernel) {
			kernel_btfs++;
			types = skep_system_btf_open(walk.fd, &err);
			assert_ok(types, &err);
			assert_string_equal(skep_btf_label(types), b->name);
			if (!strcmp(b->name, "vmlinux")) {
				found = true;
				assert_int_equal(skep_btf_find(types, "task_struct", 0),
						 skep_btf_find(kernel, "task_struct", 0));
			}
			skep_btf_free(types);
		}
		skep_system_btf_free(b);
	}
	if (!kernel_btfs)
		SKIP_TEST("this kernel does not list its own BTF");
	assert_true(found);
}

static void descriptors_of_something_else_are_refused(void **state)
{
	struct skep_map_info m = { .size = sizeof(m) };
	struct skep_error err = { 0 };
	struct loaded l;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	assert_int_equal(skep_system_map_read(l.fd, &m, &err), -EINVAL);
	assert_error_says(&err, "no file descriptor of a map");
	assert_null(skep_system_program_read(null, 0, &err));
	assert_null(skep_system_link_read(l.fd, &err));
	assert_null(skep_system_btf_read(-1, &err));
	assert_int_equal(err.code, EBADF);
	assert_int_equal(skep_system_open(SKEP_SYSTEM_MAPS, 0x7ffffff0, &err), -ENOENT);
	assert_error_says(&err, "there is no map with this id");
	assert_int_equal(skep_system_open((enum skep_system_kind)77, 1, &err), -EINVAL);
	assert_int_equal(skep_system_next(NULL, &err), -EINVAL);
	unload_fixture(&l);
	close(null);
}

static void walk_programs(void *arg, struct skep_error *err)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_PROGRAMS };

	(void)arg;
	while (skep_system_next(&walk, err) > 0)
		;
}

static int keep_bpf(void)
{
	return keep_only(ONLY(CAP_BPF));
}

static void a_walk_without_rights_says_which_are_missing(void **state)
{
	struct skep_error err;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_minimal");
	err = in_child(keep_bpf, walk_programs, NULL);
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "lacks CAP_SYS_ADMIN");
	unload_fixture(&l);
}

/* Loads and closes without pause, until it is killed. */
static pid_t start_churn(void)
{
	pid_t child = fork_with_test();

	if (child)
		return child;
	for (;;) {
		struct loaded l = load_fixture("load_minimal");

		unload_fixture(&l);
	}
}

static void what_vanishes_during_a_walk_is_left_out(void **state)
{
	pid_t churn;

	(void)state;
	NEED_BPF();
	churn = start_churn();
	assert_true(churn > 0);
	for (int i = 0; i < 300; i++)
		walk_finds(i % 2 ? SKEP_SYSTEM_BTFS : SKEP_SYSTEM_PROGRAMS, 0);
	kill(churn, SIGKILL);
	waitpid(churn, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_find_what_is_loaded),
		cmocka_unit_test(a_walk_can_be_ended_and_its_fd_be_kept),
		cmocka_unit_test(a_program_is_told_with_all_its_facts),
		cmocka_unit_test(a_name_that_the_kernel_cuts_is_told_whole),
		cmocka_unit_test(code_is_told_with_functions_and_source_lines),
		cmocka_unit_test(a_map_is_told_with_all_its_attributes),
		cmocka_unit_test(constants_are_told_to_be_frozen),
		cmocka_unit_test(the_kernels_btf_is_told_and_can_be_read),
		cmocka_unit_test(descriptors_of_something_else_are_refused),
		cmocka_unit_test(a_walk_without_rights_says_which_are_missing),
		cmocka_unit_test(what_vanishes_during_a_walk_is_left_out),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
