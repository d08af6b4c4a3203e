// SPDX-License-Identifier: MIT
#include <bpf/libbpf.h>

#include "load.h"

static bool load(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);

	return object && !bpf_object__load(object);
}

int main(int argc, char **argv)
{
	return load_and_report(argc, argv, load);
}
