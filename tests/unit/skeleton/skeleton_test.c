// SPDX-License-Identifier: MIT
/* A header's table and the library may be of different age, and may not fit each other. */
#include "test.h"

#include <errno.h>
#include <skep/skeleton.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ORDER "el"
#else
#define ORDER "eb"
#endif

struct globals_data {
	unsigned long long limit;
};

struct globals {
	struct skep_skeleton *skeleton;
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_map *data_map, *no_map;
	struct skep_program *count;
	struct skep_link *count_link;
	struct globals_data *data;
	unsigned long long *limit;
	void *unknown;
};

#define PLACE(field) offsetof(struct globals, field)

static const struct skep_skeleton_member plain[] = {
	{ "", SKEP_SKELETON_SPEC, 0, PLACE(spec), 0 },
	{ "", SKEP_SKELETON_OBJECT, 0, PLACE(object), 0 },
	{ ".data", SKEP_SKELETON_MAP, 0, PLACE(data_map), 0 },
	{ ".data", SKEP_SKELETON_DATA, 0, PLACE(data), sizeof(struct globals_data) },
	{ "limit", SKEP_SKELETON_VARIABLE, 0, PLACE(limit), 8 },
	{ "count", SKEP_SKELETON_PROGRAM, 0, PLACE(count), 0 },
	{ "count", SKEP_SKELETON_LINK, 0, PLACE(count_link), 0 },
};

#define N_PLAIN (sizeof(plain) / sizeof(plain[0]))

static unsigned char object[1 << 16];

static struct skep_skeleton_desc describe(const struct skep_skeleton_member *members, size_t n)
{
	FILE *f = fopen(fixture_path("load_globals." ORDER ".o"), "rb");
	struct skep_skeleton_desc desc = {
		.size = sizeof(desc),
		.name = "globals",
		.bytes = object,
		.struct_size = sizeof(struct globals),
		.members = members,
		.n_members = n,
		.member_size = sizeof(*members),
	};

	assert_non_null(f);
	desc.n_bytes = fread(object, 1, sizeof(object), f);
	fclose(f);
	return desc;
}

static void check_plain(struct globals *skel)
{
	assert_non_null(skel->spec);
	assert_string_equal(skel->spec->name, "globals");
	assert_null(skel->object);
	assert_null(skel->data_map);
	assert_null(skel->count);
	assert_null(skel->count_link);
	assert_int_equal(skel->data->limit, 1000);
	assert_ptr_equal(skel->limit, &skel->data->limit);
	skel->data->limit = 7;
	assert_int_equal(skep_spec_map(skel->spec, ".data")->data[0] +
				 skep_spec_map(skel->spec, ".data")->data[7],
			 7);
}

static void an_opened_struct_has_the_initial_values(void **state)
{
	struct skep_skeleton_desc desc = describe(plain, N_PLAIN);
	struct skep_error err = { 0 };
	struct globals *skel = skep_skeleton_open(&desc, NULL, &err);

	(void)state;
	assert_ok(skel, &err);
	check_plain(skel);
	skep_skeleton_close(skel->skeleton);
}

/* What a header of a later skep may have: longer entries, and kinds that did not exist. */
struct newer_member {
	struct skep_skeleton_member known;
	const char *more;
};

struct newer_desc {
	struct skep_skeleton_desc known;
	const void *more;
};

static void a_newer_header_is_understood_as_far_as_it_is_known(void **state)
{
	struct newer_member members[N_PLAIN + 1] = { 0 };
	struct newer_desc desc = { .known = describe(plain, N_PLAIN), .more = "more" };
	struct skep_error err = { 0 };
	struct globals *skel;

	(void)state;
	for (size_t i = 0; i < N_PLAIN; i++)
		members[i] = (struct newer_member){ plain[i], "more" };
	members[N_PLAIN].known =
		(struct skep_skeleton_member){ "control", 1000, 2, PLACE(unknown), 0 };
	desc.known.size = sizeof(desc);
	desc.known.members = &members[0].known;
	desc.known.n_members = N_PLAIN + 1;
	desc.known.member_size = sizeof(members[0]);
	skel = skep_skeleton_open(&desc.known, NULL, &err);
	assert_ok(skel, &err);
	check_plain(skel);
	assert_null(skel->unknown);
	skep_skeleton_close(skel->skeleton);
}

static void an_older_header_names_less(void **state)
{
	struct skep_skeleton_desc desc = describe(plain, 1);
	struct skep_error err = { 0 };
	struct globals *skel;

	(void)state;
	desc.struct_size = PLACE(object);
	skel = skep_skeleton_open(&desc, NULL, &err);
	assert_ok(skel, &err);
	assert_string_equal(skel->spec->name, "globals");
	skep_skeleton_close(skel->skeleton);
}

static void refused(const struct skep_skeleton_desc *desc, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(skep_skeleton_open(desc, NULL, &err));
	assert_int_equal(err.code, code);
	assert_error_says(&err, says);
	assert_null(skep_skeleton_open(desc, NULL, NULL));
}

static void one(struct skep_skeleton_member member, int code, const char *says)
{
	struct skep_skeleton_desc desc = describe(&member, 1);

	refused(&desc, code, says);
}

static void what_the_object_lacks_is_named(void **state)
{
	(void)state;
	one((struct skep_skeleton_member){ "events", SKEP_SKELETON_MAP, 0, PLACE(no_map), 0 },
	    ENOENT, "globals: it has no map 'events', which the header has");
	one((struct skep_skeleton_member){ ".bss.own", SKEP_SKELETON_DATA, 0, PLACE(data), 8 },
	    ENOENT, "no section '.bss.own'");
	one((struct skep_skeleton_member){ "many", SKEP_SKELETON_PROGRAM, 0, PLACE(count), 0 },
	    ENOENT, "no program 'many'");
	one((struct skep_skeleton_member){ "border", SKEP_SKELETON_VARIABLE, 0, PLACE(limit), 8 },
	    ENOENT, "no variable 'border'");
	one((struct skep_skeleton_member){ "limit", SKEP_SKELETON_VARIABLE, 0, PLACE(limit), 4 },
	    EINVAL, "'limit' has 8 bytes, and 4 in the header");
	one((struct skep_skeleton_member){ ".data", SKEP_SKELETON_DATA, 0, PLACE(data), 9999 },
	    EINVAL, "and 9999 in the header");
}

static void what_may_be_missing_is_null(void **state)
{
	const struct skep_skeleton_member members[] = {
		{ "events", SKEP_SKELETON_MAP, SKEP_SKELETON_WEAK, PLACE(no_map), 0 },
		{ ".bss.own", SKEP_SKELETON_DATA, SKEP_SKELETON_WEAK, PLACE(data), 8 },
		{ "many", SKEP_SKELETON_PROGRAM, SKEP_SKELETON_WEAK, PLACE(count), 0 },
		{ "border", SKEP_SKELETON_VARIABLE, SKEP_SKELETON_WEAK, PLACE(limit), 8 },
	};
	struct skep_skeleton_desc desc = describe(members, 4);
	struct skep_error err = { 0 };
	struct globals *skel = skep_skeleton_open(&desc, NULL, &err);

	(void)state;
	assert_ok(skel, &err);
	assert_null(skel->no_map);
	assert_null(skel->data);
	assert_null(skel->count);
	assert_null(skel->limit);
	skep_skeleton_close(skel->skeleton);
}

static void a_table_that_leaves_its_struct_is_refused(void **state)
{
	struct skep_skeleton_desc desc = describe(plain, N_PLAIN);

	(void)state;
	one((struct skep_skeleton_member){ "count", SKEP_SKELETON_PROGRAM, 0,
					   sizeof(struct globals), 0 },
	    EINVAL, "not in its struct");
	one((struct skep_skeleton_member){ "count", SKEP_SKELETON_PROGRAM, 0, 0, 0 }, EINVAL,
	    "not in its struct");
	one((struct skep_skeleton_member){ "count", SKEP_SKELETON_PROGRAM, 0, 9, 0 }, EINVAL,
	    "not in its struct");
	one((struct skep_skeleton_member){ NULL, SKEP_SKELETON_PROGRAM, 0, PLACE(count), 0 },
	    EINVAL, "without a name");
	desc.member_size = 8;
	refused(&desc, EINVAL, "of a size that never was");
	desc.member_size = sizeof(plain[0]);
	desc.struct_size = 4;
	refused(&desc, EINVAL, "has no struct");
	desc.struct_size = sizeof(struct globals);
	desc.bytes = NULL;
	refused(&desc, EINVAL, "one of a view");
	refused(NULL, EINVAL, "NULL");
}

static void a_view_shows_what_another_opened(void **state)
{
	struct skep_skeleton_desc desc = describe(plain, N_PLAIN);
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(desc.bytes, desc.n_bytes, NULL, &err);
	struct globals *view;

	(void)state;
	assert_ok(spec, &err);
	desc.bytes = NULL;
	view = skep_skeleton_view(&desc, spec, &err);
	assert_ok(view, &err);
	assert_ptr_equal(view->spec, spec);
	assert_int_equal(*view->limit, 1000);
	assert_int_equal(skep_skeleton_load(view->skeleton, NULL, &err), -EINVAL);
	assert_error_says(&err, "loaded by who opened it");
	skep_skeleton_close(view->skeleton);
	assert_int_equal(skep_spec_global(spec, "limit")->size, 8);
	assert_null(skep_skeleton_view(&desc, NULL, &err));
	skep_spec_free(spec);
}

static void calls_at_the_wrong_time_are_errors(void **state)
{
	struct skep_skeleton_desc desc = describe(plain, N_PLAIN);
	struct skep_error err = { 0 };
	struct globals *skel = skep_skeleton_open(&desc, NULL, &err);

	(void)state;
	assert_ok(skel, &err);
	assert_int_equal(skep_skeleton_attach(skel->skeleton, &err), -EINVAL);
	assert_error_says(&err, "must be loaded before");
	skep_skeleton_detach(skel->skeleton);
	assert_int_equal(skep_skeleton_bind(skel->skeleton, &err), 0);
	skep_skeleton_close(skel->skeleton);
	assert_int_equal(skep_skeleton_load(NULL, NULL, &err), -EINVAL);
	assert_int_equal(skep_skeleton_attach(NULL, &err), -EINVAL);
	assert_int_equal(skep_skeleton_bind(NULL, &err), -EINVAL);
	assert_int_equal(skep_skeleton_loaded(NULL, NULL, &err), -EINVAL);
	skep_skeleton_detach(NULL);
	skep_skeleton_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_opened_struct_has_the_initial_values),
		cmocka_unit_test(a_newer_header_is_understood_as_far_as_it_is_known),
		cmocka_unit_test(an_older_header_names_less),
		cmocka_unit_test(what_the_object_lacks_is_named),
		cmocka_unit_test(what_may_be_missing_is_null),
		cmocka_unit_test(a_table_that_leaves_its_struct_is_refused),
		cmocka_unit_test(a_view_shows_what_another_opened),
		cmocka_unit_test(calls_at_the_wrong_time_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
