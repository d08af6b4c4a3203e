// SPDX-License-Identifier: MIT
/* Nothing stays in the kernel, however an object ends. */
#include "kernel/support.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/bpf.h"

static void closing_leaves_no_id(void **state)
{
	uint32_t programs[8], maps[8], links[8];
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	size_t n_maps = 0, n_programs = 0, n_links = 0;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	spec = open_fixture("load_links");
	only_this_process(spec);
	object = load_spec(spec);
	assert_int_equal(skep_object_attach(object, &err), 4);
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		const struct skep_link *link = skep_program_link(program);
		struct bpf_link_info info = { 0 };

		programs[n_programs++] = program_id(skep_program_fd(program));
		/* Before 5.15 an attached perf event has no link, and no id. */
		if (link && !skep_bpf_info(skep_link_fd(link), &info, sizeof(info)))
			links[n_links++] = info.id;
	}
	for (size_t i = 0; i < skep_object_n_maps(object); i++)
		if (skep_map_fd(skep_object_map_at(object, i)) >= 0)
			maps[n_maps++] = map_id(skep_map_fd(skep_object_map_at(object, i)));
	assert_true(n_programs == 6 && n_maps >= 2 && n_links >= 2);
	skep_object_close(object);
	for (size_t i = 0; i < n_links; i++)
		assert_true(id_goes_away(BPF_LINK_GET_FD_BY_ID, links[i]));
	for (size_t i = 0; i < n_programs; i++)
		assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, programs[i]));
	for (size_t i = 0; i < n_maps; i++)
		assert_true(id_goes_away(BPF_MAP_GET_FD_BY_ID, maps[i]));
	skep_spec_free(spec);
}

/* A file descriptor of 0 would be read as "none" by bpf(2). */
static void closed_standard_streams_do_no_harm(void **state)
{
	int status;
	pid_t child;

	(void)state;
	NEED_BPF();
	child = fork();
	if (!child) {
		struct skep_spec *spec = open_fixture("load_globals");
		struct skep_object *object;
		bool good;

		close(0);
		close(1);
		close(2);
		object = skep_object_load(spec, NULL, NULL);
		good = object && skep_object_attach(object, NULL) == 1 &&
		       skep_program_fd(skep_object_program_at(object, 0)) > 2;
		skep_object_close(object);
		skep_spec_free(spec);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closing_leaves_no_id),
		cmocka_unit_test(closed_standard_streams_do_no_harm),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
