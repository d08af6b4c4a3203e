// SPDX-License-Identifier: MIT
/* skep inspect map: elements read and changed as a user does it. */
#include "cli/run.h"
#include "kernel/link_rig.h"
#include "kernel/system_support.h"

#include <errno.h>
#include <skep/probe.h>

/* Runs `skep inspect` with some words; the result must be freed. */
static struct run_result inspect(const char *const *words)
{
	const char *argv[20] = { "skep", "inspect" };
	struct run_result r;
	size_t n = 2;

	while (*words)
		argv[n++] = *words++;
	run(&r, NULL, argv);
	return r;
}

#define INSPECT(...) inspect((const char *const[]){ __VA_ARGS__, NULL })

/* The command succeeds and prints just this. */
#define assert_prints(expected, ...)                                          \
	do {                                                                  \
		struct run_result r_ = INSPECT(__VA_ARGS__);                  \
		assert_run(&r_, r_.status == 0 && !strcmp(r_.out, expected)); \
		run_free(&r_);                                                \
	} while (0)

#define assert_fails(status_, says, ...)                                         \
	do {                                                                     \
		struct run_result r_ = INSPECT(__VA_ARGS__);                     \
		assert_run(&r_, r_.status == (status_) && strstr(r_.err, says)); \
		run_free(&r_);                                                   \
	} while (0)

static void map_elements_are_changed_by_their_types(void **state)
{
	struct skep_map *map;
	struct loaded l;
	uint64_t value;
	uint32_t key = 5;
	char id[16];

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	map = skep_object_map_at(l.object, 0);
	snprintf(id, sizeof(id), "%u", map_id(skep_map_fd(map)));
	assert_prints("", "map", "update", id, "5", "\"0x10000000f\"");
	assert_int_equal(skep_map_lookup(map, &key, &value, NULL), 0);
	assert_true(value == 0x10000000full);
	assert_prints("5: 4294967311\n", "map", "lookup", id, "5");
	assert_prints("{\"key\":5,\"value\":4294967311}\n", "map", "lookup", id, "5", "-j");
	assert_prints("", "map", "update", id, "5", "hex:0700000000000000", "--if", "exists");
	assert_prints("[{\"key\":5,\"value\":7}]\n", "map", "dump", id, "--json");
	assert_prints("5\n", "map", "next", id);
	assert_fails(1, "", "map", "update", id, "5", "8", "--if", "new");
	assert_fails(2, "VALUE:1:2: 'x' is not", "map", "update", id, "5", " \"x\"");
	assert_fails(2, "KEY:1:1", "map", "update", id, "4294967296", "1");
	assert_fails(2, "its range is 0 to 4294967295", "map", "lookup", id, "4294967296");
	assert_fails(2, "an argument is missing", "map", "update", id, "5");
	assert_prints("", "map", "delete", id, "5");
	assert_fails(1, "", "map", "lookup", id, "5");
	assert_prints("", "map", "dump", id);
	assert_prints("[]\n", "map", "dump", id, "-j");
	unload_fixture(&l);
}

static void keys_and_values_are_shown_as_what_they_stand_for(void **state)
{
	static const char key[] = "{\"address\":\"192.0.2.1\",\"port\":8080}";
	static const char value[] = "{\"waited\":1500000,\"error\":\"ENOENT\",\"flags\":\"0x1f\"}";
	const uint8_t bytes[8] = { 192, 0, 2, 1, 0x1f, 0x90 };
	struct {
		uint64_t waited;
		int32_t error;
		uint32_t flags;
	} answer;
	struct skep_map *map;
	struct loaded l;
	char id[16];

	(void)state;
	NEED_BPF();
	NEED(skep_probe_btf(SKEP_BTF_DECL_TAG, NULL) == SKEP_YES,
	     "this kernel keeps no notes about members");
	l = load_fixture("meanings");
	map = skep_object_map_at(l.object, 0);
	snprintf(id, sizeof(id), "%u", map_id(skep_map_fd(map)));
	assert_prints("", "map", "update", id, key, value);
	assert_int_equal(skep_map_lookup(map, bytes, &answer, NULL), 0);
	assert_true(answer.waited == 1500000 && answer.error == ENOENT && answer.flags == 0x1f);
	assert_prints("[{\"key\":{\"address\":\"192.0.2.1\",\"port\":8080,\"unused\":0},"
		      "\"value\":{\"waited\":1500000,\"error\":\"ENOENT\",\"flags\":\"0x1f\"}}]\n",
		      "map", "dump", id, "-j");
	assert_fails(2, "member 'address' at KEY:1:12: '192.0.2' is not its value; give an address",
		     "map", "lookup", id, "{\"address\":\"192.0.2\"}");
	unload_fixture(&l);
}

static void globals_are_shown_as_variables(void **state)
{
	struct run_result r;
	char id[16];
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	for (size_t i = 0; i < skep_object_n_maps(rig.object); i++) {
		const struct skep_map *map = skep_object_map_at(rig.object, i);

		if (!strstr(skep_map_name(map), ".bss"))
			continue;
		snprintf(id, sizeof(id), "%u", map_id(skep_map_fd(map)));
		r = INSPECT("map", "dump", id);
		assert_run(&r, r.status == 0 && !strncmp(r.out, "0: {\"", 5));
		assert_run(&r, strstr(r.out, "hits\":0"));
		run_free(&r);
	}
	rig_free(&rig);
}

static void maps_are_created_pinned_and_frozen(void **state)
{
	const char *pin;

	(void)state;
	NEED_BPFFS();
	pin = sandbox_pin("created");
	assert_prints("", "map", "create", pin, "-t", "array", "-e", "2", "-n", "mine");
	assert_prints("", "map", "update", pin, "1", "513");
	assert_prints("0: {\"bytes\":\"0000000000000000\"}\n1: {\"bytes\":\"0102000000000000\"}\n",
		      "map", "dump", pin);
	assert_prints("", "map", "freeze", pin);
	assert_fails(3, "", "map", "update", pin, "1", "5");
	assert_fails(1, "", "map", "create", pin, "-t", "array");
	assert_fails(2, "called 'arrow'", "map", "create", pin, "-t", "arrow");
	assert_fails(2, "--entries cannot be '-1'", "map", "create", pin, "-t", "hash", "-e", "-1");
	assert_prints("", "unpin", pin);
	assert_fails(1, "nothing has this name", "unpin", pin);
}

static void queues_are_pushed_peeked_and_popped(void **state)
{
	const char *pin;

	(void)state;
	NEED_BPFFS();
	pin = sandbox_pin("queue");
	assert_prints("", "map", "create", pin, "-t", "queue", "-k", "0", "-v", "4", "-e", "3");
	assert_prints("", "map", "push", pin, "hex:01020304");
	assert_prints("", "map", "push", pin, "hex:05 06 07 08");
	assert_prints("{\"bytes\":\"01020304\"}\n", "map", "peek", pin);
	assert_prints("{\"bytes\":\"01020304\"}\n", "map", "pop", pin);
	assert_prints("{\"bytes\":\"05060708\"}\n", "map", "pop", pin);
	assert_fails(1, "", "map", "pop", pin);
	assert_fails(2, "VALUE:1:13", "map", "push", pin, "hex:01020304ff");
	assert_fails(2, "give 8 hexadecimal digits", "map", "push", pin, "hex:0102");
	assert_prints("", "unpin", pin);
}

static void values_of_each_cpu_are_an_array(void **state)
{
	char one[64], expected[4096] = "0: [";
	long n = sysconf(_SC_NPROCESSORS_CONF);
	struct run_result r;
	const char *pin;

	(void)state;
	NEED_BPFFS();
	pin = sandbox_pin("percpu");
	assert_prints("", "map", "create", pin, "-t", "percpu_array", "-e", "1");
	assert_prints("", "map", "update", pin, "0", "7");
	snprintf(one, sizeof(one), "{\"bytes\":\"0700000000000000\"}");
	for (long i = 0; i < n; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "%s%s",
			 i ? "," : "", one);
	r = INSPECT("map", "dump", pin);
	assert_run(&r, r.status == 0 && !strncmp(r.out, expected, strlen(expected)));
	run_free(&r);
	if (n > 1)
		assert_fails(2, "fewer", "map", "update", pin, "0", "[1]");
	assert_prints("", "unpin", pin);
}

static void maps_in_maps_are_named_by_id_or_pin(void **state)
{
	struct skep_map *inner;
	char expected[32];
	const char *in, *out;

	(void)state;
	NEED_BPFFS();
	in = sandbox_pin("inner");
	out = sandbox_pin("outer");
	assert_prints("", "map", "create", in, "-t", "array");
	assert_prints("", "map", "create", out, "-t", "array_of_maps", "-v", "4", "-e", "2",
		      "--inner", in);
	assert_prints("", "map", "update", out, "1", in);
	inner = skep_map_open_pinned(in, NULL);
	assert_non_null(inner);
	snprintf(expected, sizeof(expected), "1: %u\n", map_id(skep_map_fd(inner)));
	assert_prints(expected, "map", "dump", out);
	skep_map_close(inner);
	assert_fails(1, "there is no map", "map", "update", out, "1", "no_such_map");
	assert_prints("", "unpin", in, out);
}

static void links_are_pinned_and_detached(void **state)
{
	const char *id, *pin;
	struct run_result r;
	char text[16];
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_egress");
	rig_attach(&rig);
	NEED_BPF_LINK(&rig);
	snprintf(text, sizeof(text), "%u", link_id(skep_link_fd(rig.link)));
	id = text;
	pin = sandbox_pin("link");
	assert_prints("", "pin", "link", id, pin);
	assert_fails(1, "", "pin", "link", id, pin);
	assert_fails(2, "allowed: prog map link", "pin", "btf", id, pin);
	assert_fails(1, "a link is pinned there, not a map", "map", pin);
	sandbox_send();
	assert_true(rig_hits(&rig) >= 1);
	r = INSPECT("detach", pin);
	assert_run(&r, r.status == 0);
	run_free(&r);
	assert_prints("", "unpin", pin);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_elements_are_changed_by_their_types),
		cmocka_unit_test(keys_and_values_are_shown_as_what_they_stand_for),
		cmocka_unit_test(globals_are_shown_as_variables),
		cmocka_unit_test(maps_are_created_pinned_and_frozen),
		cmocka_unit_test(queues_are_pushed_peeked_and_popped),
		cmocka_unit_test(values_of_each_cpu_are_an_array),
		cmocka_unit_test(maps_in_maps_are_named_by_id_or_pin),
		cmocka_unit_test(links_are_pinned_and_detached),
	};

	return cmocka_run_group_tests_name("cli", tests, sandbox_setup, sandbox_teardown);
}
