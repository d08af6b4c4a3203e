// SPDX-License-Identifier: MIT
/* The least program that loads and attaches an object, linked statically to be measured. */
#include <skep/skep.h>

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = argc > 1 ? skep_spec_open(argv[1], NULL, &err) : NULL;
	struct skep_object *object = spec ? skep_object_load(spec, NULL, &err) : NULL;
	int ret = object && skep_object_attach(object, &err) >= 0 ? 0 : 1;

	if (ret)
		skep_error_print(&err, stderr);
	skep_object_close(object);
	skep_spec_free(spec);
	return ret;
}
