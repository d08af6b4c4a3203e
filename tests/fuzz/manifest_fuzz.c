// SPDX-License-Identifier: MIT
/* Any text as what is said of an object: eunomia's meta, YAML, the config of a .skep. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "package/read_parts.h"
#include "package/reference.h"

static void read_meta(json_t *root)
{
	struct skep_package package = { 0 };
	struct skep_error err = { 0 };
	struct skep_tree_reader reader = { .arena = &package.arena, .err = &err };
	int ret;

	if (!root)
		return;
	ret = skep_package_read_meta(&package, &reader, root);
	FUZZ_ASSERT(ret == -err.code);
	skep_vec_for_each(&package.options, option)
		FUZZ_ASSERT(ret || (option->variable && *option->variable));
	skep_vec_for_each(&package.maps, map)
		for (size_t i = 1; !ret && i < map->members.len; i++)
			FUZZ_ASSERT(map->members.items[i - 1].offset <=
				    map->members.items[i].offset);
	skep_package_clear(&package);
	json_decref(root);
}

static void read_reference(const uint8_t *data, size_t len)
{
	struct skep_reference reference;
	char text[512] = "";
	struct skep_error err = { 0 };

	memcpy(text, data, len < sizeof(text) - 1 ? len : sizeof(text) - 1);
	FUZZ_ASSERT(skep_reference_parse(text, &reference, &err) == -err.code);
	FUZZ_ASSERT(err.code || *reference.repository);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_package package = { 0 };
	struct skep_error err = { 0 };
	json_t *json;
	int ret = skep_package_read_config(&package, data, len, &err);

	FUZZ_ASSERT(ret == -err.code);
	FUZZ_ASSERT(ret || (package.name && *package.name));
	skep_package_clear(&package);
	FUZZ_ASSERT(!skep_tree_parse((const char *)data, len, &json, NULL) == !!json);
	read_meta(json);
	FUZZ_ASSERT(!skep_yaml_parse((const char *)data, len, &json, NULL) == !!json);
	read_meta(json);
	read_reference(data, len);
	return 0;
}
