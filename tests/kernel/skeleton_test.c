// SPDX-License-Identifier: MIT
/* A header that `skep gen skeleton` made, with the running kernel. */
#include "kernel/support.h"

#include <errno.h>

#include "skeleton.skel.h"
#include "skeleton.view.h"

static struct skeleton *open_own(void)
{
	struct skep_error err = { 0 };
	struct skeleton *skel = skeleton_open(NULL, &err);

	assert_ok(skel, &err);
	skel->rodata->only_pid = (__u32)getpid();
	return skel;
}

static struct skeleton *load_own(void)
{
	struct skeleton *skel = open_own();
	struct skep_error err = { 0 };

	assert_ok(!skeleton_load(skel, NULL, &err), &err);
	return skel;
}

static void variables_are_at_one_place_before_and_after(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;

	(void)state;
	NEED_BPF();
	skel = open_own();
	assert_int_equal(skel->rodata->initial, skeleton__BUSY);
	assert_int_equal(skel->data->place.y, -4);
	assert_int_equal(skel->data_aside->aside, 5);
	assert_int_equal(skel->data->hidden, 9);
	assert_null(skel->kconfig);
	skel->data->place.y = 44;
	skel->bss->hits = 100;
	assert_ok(!skeleton_load(skel, NULL, &err), &err);
	assert_ptr_equal(skel->data, skep_map_memory(skel->maps.data, NULL, NULL, &err));
	assert_int_equal(skel->data->place.y, 44);
	assert_int_equal(skel->bss->hits, 100);
	assert_int_equal(skel->rodata->only_pid, getpid());
	assert_true(skel->kconfig->LINUX_KERNEL_VERSION >= 5 << 16);
	assert_int_equal(skeleton_load(skel, NULL, &err), -EALREADY);
	skeleton_close(skel);
}

static void an_attached_program_fires_and_is_gone_after_detaching(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;
	__u64 before;

	(void)state;
	NEED_BPF();
	skel = load_own();
	assert_int_equal(skeleton_attach(skel, &err), 1);
	assert_non_null(skel->links.count);
	assert_null(skel->links.pass);
	call_kernel(10);
	assert_true(skel->bss->hits >= 10);
	assert_int_equal(skel->bss->state, skeleton__BUSY);
	assert_true(skel->bss->this_);
	skeleton_detach(skel);
	assert_null(skel->links.count);
	before = skel->bss->hits;
	call_kernel(10);
	assert_int_equal(skel->bss->hits, before);
	assert_int_equal(skeleton_attach(skel, &err), 1);
	call_kernel(1);
	assert_true(skel->bss->hits > before);
	skeleton_close(skel);
}

static void check_counts(struct skeleton *skel)
{
	skeleton_counts_key key = { .pid = (__u32)getpid(), .class_ = 1, .new_ = 2 }, first;
	skeleton_counts_value value;
	struct skep_error err = { 0 };

	assert_ok(!skeleton_counts_lookup(skel, &key, &value, &err), &err);
	assert_int_equal(value.count, skel->bss->hits);
	assert_int_equal(value.state, skeleton__BUSY);
	assert_int_equal(value.where.x, 3);
	assert_int_equal(value.whole, 3);
	assert_int_equal(value.flag, 1);
	assert_ok(!skeleton_counts_next(skel, NULL, &first, &err), &err);
	assert_memory_equal(&first, &key, sizeof(key));
	assert_int_equal(skeleton_counts_next(skel, &key, &first, &err), -ENOENT);
	value.count = 1;
	assert_int_equal(skeleton_counts_update(skel, &key, &value, BPF_NOEXIST, &err), -EEXIST);
	assert_ok(!skeleton_counts_delete(skel, &key, &err), &err);
	assert_int_equal(skeleton_counts_lookup(skel, &key, &value, &err), -ENOENT);
	assert_ok(!skeleton_counts_update(skel, &key, &value, BPF_NOEXIST, &err), &err);
}

static void check_cpus(struct skeleton *skel)
{
	size_t n = skep_map_n_values(skel->maps.each_cpu);
	skeleton_each_cpu_cell *cells = calloc(n, sizeof(*cells));
	skeleton_each_cpu_key zero = 0;
	struct skep_error err = { 0 };
	__u64 sum = 0;

	assert_non_null(cells);
	assert_ok(!skeleton_each_cpu_lookup(skel, &zero, cells, n, &err), &err);
	for (size_t i = 0; i < n; i++)
		sum += cells[i].value;
	assert_int_equal(sum, skel->bss->hits);
	assert_int_equal(skeleton_each_cpu_lookup(skel, &zero, cells, n + 1, &err), -EINVAL);
	free(cells);
}

static void check_queue(struct skeleton *skel)
{
	skeleton_queue_value value = { 1, 2 };
	struct skep_error err = { 0 };

	assert_ok(!skeleton_queue_peek(skel, &value, &err), &err);
	assert_int_equal(value.first, 11);
	assert_ok(skeleton_queue_pop(skel, &value, &err) >= 0, &err);
	assert_int_equal(value.second, 22);
	assert_ok(!skeleton_queue_push(skel, &value, BPF_EXIST, &err), &err);
}

static void maps_have_functions_of_their_types(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;

	(void)state;
	NEED_BPF();
	skel = load_own();
	assert_int_equal(skeleton_attach(skel, &err), 1);
	call_kernel(3);
	skeleton_detach(skel);
	check_counts(skel);
	check_cpus(skel);
	check_queue(skel);
	skeleton_close(skel);
}

static void a_link_of_the_programs_own_is_closed_with_it(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;
	uint32_t id;

	(void)state;
	NEED_BPF();
	skel = load_own();
	skel->links.count =
		skep_program_attach_raw_tracepoint(skel->programs.count, "sys_exit", NULL, &err);
	assert_ok(skel->links.count, &err);
	id = program_id(skep_program_fd(skel->programs.count));
	call_kernel(5);
	assert_true(skel->bss->hits >= 5);
	skeleton_close(skel);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, id));
}

static void a_view_shares_the_variables_of_its_application(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;
	struct view *view;

	(void)state;
	NEED_BPF();
	skel = open_own();
	view = view_open(skel->spec, &err);
	assert_ok(view, &err);
	(*view->data.place).x = 12;
	assert_int_equal(skel->data->place.x, 12);
	assert_ok(!skeleton_load(skel, NULL, &err), &err);
	assert_ok(!view_loaded(view, skel->object, &err), &err);
	assert_int_equal(view->data.place->x, 12);
	*view->bss.hits = 5;
	assert_int_equal(skel->bss->hits, 5);
	assert_ptr_equal(view->maps.counts, skel->maps.counts);
	assert_ptr_equal(view->programs.count, skel->programs.count);
	view_close(view);
	skeleton_close(skel);
}

static void sections_that_grow_are_bound_anew(void **state)
{
	struct skep_error err = { 0 };
	struct skeleton *skel;

	(void)state;
	NEED_BPF();
	skel = open_own();
	assert_ok(!skep_map_spec_resize(skel->spec, skep_spec_map(skel->spec, ".data.list"), 400,
					&err),
		  &err);
	assert_ok(!skep_skeleton_bind(skel->skeleton, &err), &err);
	skel->data_list->list[99] = 99;
	assert_ok(!skeleton_load(skel, NULL, &err), &err);
	assert_int_equal(skel->data_list->list[99], 99);
	assert_int_equal(skep_map_value_size(skel->maps.data_list), 400);
	skeleton_close(skel);
}

static void a_load_that_fails_leaves_the_initial_values(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };
	struct skeleton *skel;

	(void)state;
	NEED_BPF();
	skel = open_own();
	skep_spec_program(skel->spec, "count")->load = false;
	skep_spec_program(skel->spec, "pass")->type = BPF_PROG_TYPE_SK_LOOKUP;
	assert_true(skeleton_load(skel, &opts, &err) < 0);
	assert_true(err.code != 0);
	assert_null(skel->object);
	assert_int_equal(skel->rodata->only_pid, getpid());
	skeleton_close(skel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_are_at_one_place_before_and_after),
		cmocka_unit_test(an_attached_program_fires_and_is_gone_after_detaching),
		cmocka_unit_test(maps_have_functions_of_their_types),
		cmocka_unit_test(a_link_of_the_programs_own_is_closed_with_it),
		cmocka_unit_test(a_view_shares_the_variables_of_its_application),
		cmocka_unit_test(sections_that_grow_are_bound_anew),
		cmocka_unit_test(a_load_that_fails_leaves_the_initial_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
