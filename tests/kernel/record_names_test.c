// SPDX-License-Identifier: MIT
/* What this machine calls the numbers of a record: cgroups, containers, users, system calls. */
#include <fcntl.h>
#include <skep/view.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/sandbox.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void move_to(const char *cgroup)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0 && write(fd, "0", 1) == 1);
	close(fd);
}

static uint8_t record[64];

/* What the program sees of a call of getppid(2). */
static void see(void)
{
	struct skep_error err = { 0 };
	uint32_t zero = 0;
	struct skep_link *link = skep_program_attach(fixture_program("on_call"), &err);

	assert_ok(link, &err);
	syscall(SYS_getppid);
	fixture_set("watched_pid", 0);
	skep_link_close(link);
	assert_ok(!skep_map_lookup(fixture_map("seen"), &zero, record, &err), &err);
}

static const char *line_of(const struct skep_view *view)
{
	static char line[1024];
	struct skep_text text = { 0 };

	skep_view_write(view, SKEP_FORM_JSON_LINES, record,
			skep_schema_size(skep_view_schema(view)), &text);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

static void a_cgroup_has_its_path_and_its_container(void **state)
{
	const struct skep_view_opts opts = { sizeof(opts), "cgroup,container,uid,gid,call" };
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	struct skep_view *view;
	char folder[256], expected[512];
	struct stat st;
	uint64_t id;
	int ret;

	(void)state;
	NEED_SANDBOX();
	snprintf(folder, sizeof(folder), "%s/docker-" ID ".scope", sandbox_cgroup());
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(stat(folder, &st), 0);
	fixture_open("record_names");
	fixture_load();
	schema = skep_schema_new(fixture_spec()->btf,
				 skep_btf_find(fixture_spec()->btf, "named", 0), NULL, &err);
	assert_ok(schema, &err);
	view = skep_view_new(schema, &opts, &err);
	assert_ok(view, &err);
	fixture_set("watched_pid", (uint64_t)getpid());
	move_to(folder);
	snprintf(expected, sizeof(expected),
		 "{\"cgroup\":\"%s/docker-" ID ".scope\",\"container\":\"" ID
		 "\",\"uid\":%u,\"gid\":%u,\"call\":\"getppid\"}\n",
		 strrchr(sandbox_cgroup(), '/'), getuid(), getgid());
	see();
	assert_string_equal(line_of(view), expected);
	move_to(sandbox_cgroup());
	/* What was once found keeps its name, for lines that are written after its end. */
	assert_int_equal(rmdir(folder), 0);
	assert_string_equal(line_of(view), expected);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(stat(folder, &st), 0);
	/* A path is read as the cgroup's id. */
	ret = snprintf(expected, sizeof(expected), "{\"cgroup\":\"%s/docker-" ID ".scope\"}",
		       strrchr(sandbox_cgroup(), '/'));
	assert_ok(!skep_record_read_json(schema, expected, (size_t)ret, NULL, record,
					 sizeof(record), &err),
		  &err);
	memcpy(&id, record, sizeof(id));
	assert_true(id == st.st_ino);
	assert_int_equal(rmdir(folder), 0);
	/* What was once found keeps its name, for the lines that come after its end. */
	skep_view_free(view);
	skep_schema_free(schema);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cgroup_has_its_path_and_its_container),
	};

	return cmocka_run_group_tests_name("record_names", tests, sandbox_setup, sandbox_teardown);
}
