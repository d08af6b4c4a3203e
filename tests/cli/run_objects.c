// SPDX-License-Identifier: MIT
#include "cli/run_objects.h"

char events[4096], plain[4096], records[4096], emitter[4096];

int run_setup(void **state)
{
	(void)state;
	snprintf(events, sizeof(events), "%s", fixture_path("cli_events.el.o"));
	snprintf(plain, sizeof(plain), "%s", fixture_path("cli_plain.el.o"));
	snprintf(records, sizeof(records), "%s", fixture_path("cli_records.el.o"));
	snprintf(emitter, sizeof(emitter), "%s",
		 getenv("SKEP_EMITTER") ?: "build/tests/cli/emitter");
	return 0;
}
