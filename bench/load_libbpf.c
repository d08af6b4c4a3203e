// SPDX-License-Identifier: MIT
#include <bpf/libbpf.h>

#include "load.h"

int main(int argc, char **argv)
{
	int64_t start = now_ns(CLOCK_MONOTONIC);
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;

	if (!object || bpf_object__load(object))
		return 1;
	report_load(start);
	bpf_object__close(object);
	return 0;
}
