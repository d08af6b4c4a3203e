// SPDX-License-Identifier: MIT
/* Members whose numbers have names. */
#include <asm/fcntl.h>
#include <asm/unistd.h>
#include <net/if.h>
#include <skep/view.h>
#include <unistd.h>

#include "record/container.h"
#include "record/lookup.h"
#include "support.h"

struct value {
	uint32_t type;
	const char *tag;
	uint64_t number;
	const char *json, *text;
};

static uint32_t size_of(uint32_t type)
{
	return type == U16 ? 2 : type == U64 || type == S64 ? 8 : 4;
}

static void put(uint8_t bytes[8], uint32_t type, uint64_t number)
{
	uint16_t v16 = (uint16_t)number;
	uint32_t v32 = (uint32_t)number;

	if (size_of(type) == 2)
		memcpy(bytes, &v16, sizeof(v16));
	else if (size_of(type) == 4)
		memcpy(bytes, &v32, sizeof(v32));
	else
		memcpy(bytes, &number, sizeof(number));
}

static const struct value values[] = {
	{ U32, "uid", 0, "0", "root" },
	{ U32, "uid", 4294967294, "4294967294", "4294967294" },
	{ U64, "gid", 1ull << 32, "4294967296", "4294967296" },
	{ U32, "ifindex", 1, "1", "lo" },
	{ U32, "ifindex", 2000000000, "2000000000", "2000000000" },
	{ U64, "cgroup", 0, "0", "0" },
	{ U64, "container", 0, "\"\"", "-" },
	{ U32, "device", 8 << 20 | 1, "\"8:1\"", "8:1" },
	{ U32, "device", 259 << 20 | 0xfffff, "\"259:1048575\"", "259:1048575" },
	{ U32, "syscall", __NR_openat, "\"openat\"", "openat" },
	{ S64, "syscall", __NR_exit_group, "\"exit_group\"", "exit_group" },
	{ S32, "syscall", UINT64_MAX, "-1", "-1" },
	{ U32, "syscall", 100000, "100000", "100000" },
	{ U16, "mode", 0100644, "\"-rw-r--r--\"", "-rw-r--r--" },
	{ U16, "mode", 041777, "\"drwxrwxrwt\"", "drwxrwxrwt" },
	{ U16, "mode", 0104755, "\"-rwsr-xr-x\"", "-rwsr-xr-x" },
	{ U16, "mode", 02644, "\"rw-r-Sr--\"", "rw-r-Sr--" },
	{ U16, "mode", 0120777, "\"lrwxrwxrwx\"", "lrwxrwxrwx" },
	{ U32, "mode", 0, "\"---------\"", "---------" },
	{ U32, "mode", 01000000, "262144", "262144" },
	{ U16, "mode", 0170000, "61440", "61440" },
	{ S32, "open_flags", O_RDONLY, "\"O_RDONLY\"", "O_RDONLY" },
	{ S32, "open_flags", O_WRONLY | O_CREAT | O_CLOEXEC, "\"O_WRONLY|O_CREAT|O_CLOEXEC\"",
	  "O_WRONLY|O_CREAT|O_CLOEXEC" },
	{ U32, "open_flags", O_RDWR | O_SYNC, "\"O_RDWR|O_SYNC\"", "O_RDWR|O_SYNC" },
	{ U32, "open_flags", O_RDWR | O_TMPFILE, "\"O_RDWR|O_TMPFILE\"", "O_RDWR|O_TMPFILE" },
	{ U32, "open_flags", O_DIRECTORY | O_DSYNC | 0x40000000,
	  "\"O_RDONLY|O_DSYNC|O_DIRECTORY|0x40000000\"",
	  "O_RDONLY|O_DSYNC|O_DIRECTORY|0x40000000" },
};

#define N_VALUES (sizeof(values) / sizeof(values[0]))

static struct skep_schema *schema_of(const struct value *v)
{
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	char text[32];

	snprintf(text, sizeof(text), "skep:%s", v->tag);
	schema = try_one(v->type, size_of(v->type), 0, text, &err);
	assert_ok(schema, &err);
	return schema;
}

static void numbers_are_shown_by_their_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_VALUES; i++) {
		const struct value *v = &values[i];
		struct skep_schema *schema = schema_of(v);
		char expected[128];
		uint8_t record[8];
		const char *shown;

		put(record, v->type, v->number);
		snprintf(expected, sizeof(expected), "{\"x\":%s}", v->json);
		assert_string_equal(json(schema, record, size_of(v->type)), expected);
		shown = columns(schema, record, size_of(v->type));
		snprintf(expected, sizeof(expected), "%s\n", v->text);
		assert_string_equal(shown, expected);
		skep_schema_free(schema);
	}
}

static void reads(const struct value *v, const char *value)
{
	struct skep_schema *schema = schema_of(v);
	struct skep_error err = { 0 };
	uint8_t record[8] = { 0 }, expected[8] = { 0 };
	char text[128];

	snprintf(text, sizeof(text), "{\"x\":%s}", value);
	assert_ok(!skep_record_read_json(schema, text, strlen(text), NULL, record, size_of(v->type),
					 &err),
		  &err);
	put(expected, v->type, v->number);
	assert_memory_equal(record, expected, sizeof(record));
	skep_schema_free(schema);
}

static void names_are_read_as_their_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_VALUES; i++) {
		char quoted[128];

		if (strcmp(values[i].tag, "container") == 0)
			continue;
		reads(&values[i], values[i].json);
		snprintf(quoted, sizeof(quoted), "\"%s\"", values[i].text);
		reads(&values[i], quoted);
	}
}

static void wrong_names_are_told_what_is_allowed(void **state)
{
	static const struct {
		struct value value;
		const char *says;
	} cases[] = {
		{ { U32, "uid", 0, "\"no such user\"", "" }, "that this machine knows" },
		{ { U32, "ifindex", 0, "\"nothing0\"", "" }, "the name of an interface" },
		{ { U64, "cgroup", 0, "\"/no/such/cgroup\"", "" }, "the path of a cgroup" },
		{ { U64, "cgroup", 0, "\"/../etc\"", "" }, "the path of a cgroup" },
		{ { U64, "container", 0, "\"abc\"", "" }, "the number of its cgroup" },
		{ { U32, "device", 0, "\"8:\"", "" }, "major and minor" },
		{ { U32, "device", 0, "\"8:1048576\"", "" }, "major and minor" },
		{ { U32, "device", 0, "\"9999:1\"", "" }, "its range is 0 to 4294967295" },
		{ { U32, "syscall", 0, "\"open_sesame\"", "" }, "or a name: \"openat\"" },
		{ { U16, "mode", 0, "\"rw-r--r-\"", "" }, "or letters" },
		{ { U16, "mode", 0, "\"xrw-r--r--\"", "" }, "or letters" },
		{ { U16, "mode", 0, "\"rw-r--r-s\"", "" }, "or letters" },
		{ { U32, "open_flags", 0, "\"O_RDWR|\"", "" }, "or names: \"O_WRONLY|O_CREAT\"" },
		{ { U32, "open_flags", 0, "\"O_OPEN\"", "" }, "or names: \"O_WRONLY|O_CREAT\"" },
		{ { U16, "open_flags", 0, "\"O_RDWR|0x10000\"", "" }, "its range is 0 to 65535" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct value *v = &cases[i].value;
		struct skep_schema *schema = schema_of(v);
		struct skep_error err = { 0 };
		uint8_t record[8];
		char text[64];

		snprintf(text, sizeof(text), "{\"x\":%s}", v->json);
		assert_true(skep_record_read_json(schema, text, strlen(text), NULL, record,
						  size_of(v->type), &err) < 0);
		assert_error_says(&err, cases[i].says);
		skep_schema_free(schema);
	}
}

/* enum access { NONE = 0, READ = 1, WRITE = 2, BOTH = 3, SIGN = 1 << 31 } access SKEP_AS(flags); */
static struct skep_schema *flags_schema(uint32_t size, bool is_signed)
{
	struct skep_btf_builder *b = new_types();
	uint32_t e = (uint32_t)skep_btf_builder_enum(b, "access", size, is_signed), one;
	struct skep_error err = { 0 };
	struct skep_schema *schema;

	skep_btf_builder_value(b, "NONE", 0);
	skep_btf_builder_value(b, "READ", 1);
	skep_btf_builder_value(b, "WRITE", 2);
	skep_btf_builder_value(b, "BOTH", 3);
	skep_btf_builder_value(b, "SIGN", is_signed ? INT32_MIN : 0x80000000);
	one = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", size);
	skep_btf_builder_member(b, "x", e, 0, 0);
	tag(b, one, 0, "skep:flags");
	schema = try_type(b, one, &err);
	assert_ok(schema, &err);
	return schema;
}

static void enums_may_be_flags(void **state)
{
	static const struct {
		uint32_t value;
		const char *json;
	} cases[] = {
		{ 0, "{\"x\":\"NONE\"}" },
		{ 2, "{\"x\":\"WRITE\"}" },
		{ 3, "{\"x\":\"BOTH\"}" },
		{ 0x80000000, "{\"x\":\"SIGN\"}" },
		{ 0x80000003, "{\"x\":\"READ|WRITE|SIGN\"}" },
		{ 0x11, "{\"x\":\"READ|0x10\"}" },
		{ 0x10, "{\"x\":16}" },
	};

	(void)state;
	for (int is_signed = 0; is_signed < 2; is_signed++) {
		struct skep_schema *schema = flags_schema(4, is_signed);

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct skep_error err = { 0 };
			uint32_t again = 0;

			assert_string_equal(json(schema, &cases[i].value, 4), cases[i].json);
			assert_ok(!skep_record_read_json(schema, line, strlen(line), NULL, &again,
							 4, &err),
				  &err);
			assert_int_equal(again, cases[i].value);
		}
		skep_schema_free(schema);
	}
}

static void only_enums_are_flags(void **state)
{
	static const char *const tags[] = { "skep:flags", "skep:uid", "skep:mode" };
	static const uint32_t types[] = { U32, VOID_PTR, DOUBLE };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct skep_error err = { 0 };

		assert_null(try_one(types[i], 8, 0, tags[i], &err));
		assert_int_equal(err.code, EINVAL);
	}
}

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static void containers_are_found_in_paths(void **state)
{
	static const struct {
		const char *path, *id;
	} cases[] = {
		{ "/docker/" ID, ID },
		{ "/system.slice/docker-" ID ".scope", ID },
		{ "/system.slice/containerd.service/kubepods-besteffort-pod1.slice:cri-containerd:" ID,
		  ID },
		{ "/kubepods.slice/kubepods-burstable.slice/cri-containerd-" ID ".scope", ID },
		{ "/kubepods/burstable/pod42/" ID, ID },
		{ "/kubepods.slice/crio-" ID ".scope/container", ID },
		{ "/kubepods.slice/crio-conmon-" ID ".scope", NULL },
		{ "/machine.slice/libpod-" ID ".scope/container", ID },
		{ "/machine.slice/libpod-conmon-" ID ".scope", NULL },
		{ "/user.slice/user-1000.slice/nerdctl-" ID ".scope", ID },
		{ "/docker/" ID "/docker/" OTHER "/init", OTHER },
		{ "/docker/" ID "0", NULL },
		{ "/docker/x" ID, NULL },
		{ "/docker/0123456789abcdef", NULL },
		{ "/docker/0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
		  NULL },
		{ "/system.slice/cron.service", NULL },
		{ ".scope", NULL },
		{ "/", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *id = skep_container_of(cases[i].path);

		if (cases[i].id)
			assert_memory_equal(id, cases[i].id, SKEP_CONTAINER_ID);
		else
			assert_null(id);
	}
}

static void write_file(const char *path, const char *text, int times)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < times; i++)
		fputs(text, f);
	fclose(f);
}

static void accounts_are_read_from_their_file(void **state)
{
	char path[] = "/tmp/skep-accounts-XXXXXX";
	struct skep_accounts *accounts;
	int fd = mkstemp(path);
	uint64_t id = 0;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_file(path,
		   "root:x:0:0:root:/root:/bin/sh\n# no line\n\n:x:5:\nbroken:x\nother:x:7x:\n"
		   "toor:x:0:0::/:\nlarge:x:4294967296:\nminus:x:-1:\nlast:*:1000",
		   1);
	accounts = skep_accounts_new(path);
	assert_non_null(accounts);
	assert_string_equal(skep_accounts_name(accounts, 0), "root");
	assert_string_equal(skep_accounts_name(accounts, 1000), "last");
	assert_null(skep_accounts_name(accounts, 5));
	assert_null(skep_accounts_name(accounts, 7));
	assert_null(skep_accounts_name(accounts, 4294967296));
	assert_true(skep_accounts_number(accounts, "toor", &id) && id == 0);
	assert_true(skep_accounts_number(accounts, "last", &id) && id == 1000);
	assert_false(skep_accounts_number(accounts, "minus", &id));
	assert_false(skep_accounts_number(accounts, "large", &id));
	skep_accounts_free(accounts);
	unlink(path);
	accounts = skep_accounts_new(path);
	assert_null(skep_accounts_name(accounts, 0));
	skep_accounts_free(accounts);
	skep_accounts_free(NULL);
}

/* More than is read: what stands in front has its names. */
static void a_huge_file_of_accounts_does_no_harm(void **state)
{
	char path[] = "/tmp/skep-accounts-XXXXXX";
	struct skep_accounts *accounts;
	int fd = mkstemp(path);
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	for (int i = 1; i < 300000; i++)
		fprintf(f, "user%d:x:%d:%d::/home:/bin/sh\n", i, i, i);
	fclose(f);
	accounts = skep_accounts_new(path);
	assert_string_equal(skep_accounts_name(accounts, 1), "user1");
	assert_string_equal(skep_accounts_name(accounts, 50000), "user50000");
	assert_null(skep_accounts_name(accounts, 299999));
	skep_accounts_free(accounts);
	/* Of one line without an end. */
	write_file(path, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 200000);
	accounts = skep_accounts_new(path);
	assert_null(skep_accounts_name(accounts, 0));
	skep_accounts_free(accounts);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_shown_by_their_names),
		cmocka_unit_test(names_are_read_as_their_numbers),
		cmocka_unit_test(wrong_names_are_told_what_is_allowed),
		cmocka_unit_test(enums_may_be_flags),
		cmocka_unit_test(only_enums_are_flags),
		cmocka_unit_test(containers_are_found_in_paths),
		cmocka_unit_test(accounts_are_read_from_their_file),
		cmocka_unit_test(a_huge_file_of_accounts_does_no_harm),
	};

	return cmocka_run_group_tests_name("record_names", tests, NULL, NULL);
}
