// SPDX-License-Identifier: MIT
/* skep inspect btf: types of the kernel, of what is loaded, and of files. */
#include "cli/run.h"
#include "kernel/link_rig.h"
#include "kernel/system_support.h"

#include <fcntl.h>
#include <linux/btf.h>

static void inspect_lists_types_and_what_uses_them(void **state)
{
	struct skep_system_program *p;
	struct run_result r;
	char filter[128];
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	p = skep_system_program_read(l.fd, 0, NULL);
	RUN(&r, "skep", "inspect", "btf", "--json");
	assert_run(&r, r.status == 0);
	snprintf(filter, sizeof(filter),
		 "[(.[]|select(.id==%u)|.prog_ids==[%u]), any(.[];.name==\"vmlinux\")]", p->btf_id,
		 p->id);
	/* It lists its own since 5.11. */
	assert_true(!strncmp(jq(r.out, filter), "[true,", 6));
	if (strstr(r.out, "\"kernel\":true"))
		assert_string_equal(jq(r.out, filter), "[true,true]");
	run_free(&r);
	skep_system_program_free(p);
	unload_fixture(&l);
}

static void inspect_dumps_types_and_says_where_btf_is_damaged(void **state)
{
	char path[] = "/tmp/skep-btf-XXXXXX", to[64];
	struct run_result r;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	snprintf(to, sizeof(to), "of=%s", path);
	RUN(&r, "skep", "inspect", "btf", "dump", fixture_path("system_view.el.o"));
	assert_run(&r, r.status == 0 && strstr(r.out, "int int size=4 bits=32 signed\n"));
	assert_run(&r, strstr(r.out, "func look_up_and_count type="));
	assert_run(&r, strstr(r.out, "\n        key type="));
	run_free(&r);
	if (bpf_is_allowed()) {
		struct loaded l = load_fixture("system_view");
		char source[32];

		snprintf(source, sizeof(source), "prog:%u", program_id(l.fd));
		RUN(&r, "skep", "inspect", "btf", "dump", source);
		assert_run(&r, r.status == 0 && strstr(r.out, " func look_up_and_count type="));
		run_free(&r);
		snprintf(source, sizeof(source), "map:%u",
			 map_id(skep_map_fd(skep_object_map_at(l.object, 0))));
		RUN(&r, "skep", "inspect", "btf", "dump", source);
		assert_run(&r, r.status == 0 && strstr(r.out, " func look_up_and_count type="));
		run_free(&r);
		unload_fixture(&l);
	}
	/* The kernel's, whose first type gets a kind that there is not. */
	RUN(&r, "dd", "if=/sys/kernel/btf/vmlinux", to, "status=none");
	if (r.status) {
		run_free(&r);
		unlink(path);
		SKIP_TEST("this kernel has no BTF");
	}
	run_free(&r);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "\x7f", 1, sizeof(struct btf_header) + 7), 1);
	close(fd);
	RUN(&r, "skep", "inspect", "btf", "dump", path);
	assert_run(&r, r.status == 1 && strstr(r.err, "the BTF is damaged: type 1"));
	run_free(&r);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inspect_lists_types_and_what_uses_them),
		cmocka_unit_test(inspect_dumps_types_and_says_where_btf_is_damaged),
	};

	return cmocka_run_group_tests_name("cli", tests, sandbox_setup, sandbox_teardown);
}
