// SPDX-License-Identifier: MIT
#include "cli/described.h"

#include <stdlib.h>
#include <unistd.h>

char described_folder[64];

int described_setup(void **state)
{
	(void)state;
	snprintf(described_folder, sizeof(described_folder), "/tmp/skep-described-XXXXXX");
	return mkdtemp(described_folder) ? 0 : -1;
}

int described_teardown(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/t.json", described_folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/t.pcap", described_folder);
	unlink(path);
	return rmdir(described_folder);
}

const char *put_file(const char *name, const void *data, size_t len)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", described_folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return path;
}

void describe(struct run_result *r, const char *members)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "{\n\"object\": \"%s/cli_described.%s.o\",\n\"tests\": [ {\n%s\n} ] }\n",
		 getenv("SKEP_FIXTURES"), __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb",
		 members);
	RUN(r, "skep", "test", put_file("t.json", text, strlen(text)));
}
