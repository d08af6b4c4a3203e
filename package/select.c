// SPDX-License-Identifier: MIT
/* Which of a package's objects is this machine's. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/machine.h"
#include "package/read.h"

static int no_object(const struct skep_package *package, const char *machine, bool is_big,
		     struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text list = { 0 };

	skep_vec_for_each(&package->objects, object)
		skep_text_printf(&list, "%s%s, %s-endian", list.len ? "; " : "",
				 object->machine ? object->machine : "any machine",
				 object->is_big_endian ? "big" : "little");
	skep_error_set(err, SKEP_STAGE_READ, ENOENT, "it has no object for %s (%s-endian)", machine,
		       is_big ? "big" : "little");
	skep_error_add_hint(err, "it has: %s", list.len ? skep_text_string(&list) : "no object");
	return -ENOENT;
}

const struct skep_package_object *skep_package_object_for(const struct skep_package *package,
							  const char *machine,
							  struct skep_error *err)
{
	bool is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const struct skep_package_object *any = NULL;

	if (machine && strcmp(machine, SKEP_MACHINE))
		is_big = !strcmp(machine, "s390");
	machine = machine ? machine : SKEP_MACHINE;
	skep_vec_for_each(&package->objects, object) {
		if (object->is_big_endian != is_big)
			continue;
		if (object->machine && !strcmp(object->machine, machine))
			return object;
		if (!object->machine && !any)
			any = object;
	}
	if (!any)
		no_object(package, machine, is_big, err);
	return any;
}
