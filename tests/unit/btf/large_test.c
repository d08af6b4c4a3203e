// SPDX-License-Identifier: MIT
/* What a large file of BTF costs: its mapping, and not memory of its own. */
#include "test.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "btf/builder.h"

#define STRUCTS 64
#define MEMBERS 65535
#define MIB	(1024 * 1024)

/* Structs of as many members as the format allows: 50 MB in all. */
static void write_large(const char *path)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct btf_member *members = calloc(MEMBERS, sizeof(*members));
	int64_t number = skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	int64_t member = skep_btf_builder_string(b, "member");
	size_t len;
	void *data;
	FILE *f;

	assert_true(members && number > 0 && member > 0);
	for (uint32_t i = 0; i < MEMBERS; i++)
		members[i] = (struct btf_member){ .name_off = (uint32_t)member,
						  .type = (uint32_t)number,
						  .offset = i * 32 };
	for (int i = 0; i < STRUCTS; i++) {
		char name[32];
		struct btf_type t = { .info = BTF_KIND_STRUCT << 24 | MEMBERS,
				      .size = MEMBERS * 4 };

		snprintf(name, sizeof(name), "large_%d", i);
		t.name_off = (uint32_t)skep_btf_builder_string(b, name);
		assert_true(skep_btf_builder_add(b, &t, members, MEMBERS * sizeof(*members)) > 0);
	}
	data = skep_btf_builder_finish(b, &len);
	assert_non_null(data);
	assert_true(len > 50 * 1000 * 1000);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	free(data);
	free(members);
	skep_btf_builder_free(b);
}

static size_t heap(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void a_large_file_costs_its_mapping_only(void **state)
{
	char path[] = "/tmp/skep-large-XXXXXX";
	int fd = mkstemp(path);
	struct skep_error err = { 0 };
	struct skep_btf *btf;
	size_t before;
	uint32_t id;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_large(path);
	before = heap();
	btf = skep_btf_open(path, NULL, &err);
	unlink(path);
	assert_ok(btf, &err);
	assert_int_equal(skep_btf_count(btf), STRUCTS + 2);
	id = skep_btf_find(btf, "large_63", BTF_KIND_STRUCT);
	assert_true(id > 0);
	assert_int_equal(skep_btf_sizeof(btf, id), MEMBERS * 4);
	assert_string_equal(skep_btf_name(btf, id), "large_63");
	assert_true(heap() - before < MIB);
	skep_btf_free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_file_costs_its_mapping_only),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
