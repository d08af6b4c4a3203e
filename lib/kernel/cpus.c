// SPDX-License-Identifier: MIT
#include "kernel/cpus.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "kernel/file.h"

#define MAX_CPUS 65536

static int parse_id(const char **text, unsigned long *id)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	*id = strtoul(*text, &end, 10);
	*text = end;
	return *id < MAX_CPUS ? 0 : -EINVAL;
}

int skep_cpus_parse(struct skep_cpus *cpus, const char *text)
{
	*cpus = (struct skep_cpus){ 0 };
	for (;;) {
		unsigned long first, last;

		if (parse_id(&text, &first))
			return -EINVAL;
		last = first;
		if (*text == '-') {
			text++;
			if (parse_id(&text, &last) || last < first)
				return -EINVAL;
		}
		if (first < cpus->ids)
			return -EINVAL;
		cpus->count += (uint32_t)(last - first + 1);
		cpus->ids = (uint32_t)last + 1;
		if (*text != ',')
			break;
		text++;
	}
	return !*text || *text == '\n' ? 0 : -EINVAL;
}

static int read_possible(struct skep_cpus *cpus, struct skep_error *err)
{
	static const char path[] = "/sys/devices/system/cpu/possible";
	char text[4096];
	int ret = skep_file_read(path, text, sizeof(text));

	if (ret < 0)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret, "cannot read %s", path);
	if (skep_cpus_parse(cpus, text))
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "%s is not a CPU list", path);
	return 0;
}

int skep_cpus_possible(struct skep_cpus *cpus, struct skep_error *err)
{
	static atomic_uint_least64_t known; /* count and ids, once they have been read */
	uint64_t both = atomic_load_explicit(&known, memory_order_relaxed);
	int ret;

	if (both) {
		*cpus = (struct skep_cpus){ (uint32_t)(both >> 32), (uint32_t)both };
		return 0;
	}
	ret = read_possible(cpus, err);
	if (!ret)
		atomic_store_explicit(&known, (uint64_t)cpus->count << 32 | cpus->ids,
				      memory_order_relaxed);
	return ret;
}
