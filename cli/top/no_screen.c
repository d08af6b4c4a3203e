// SPDX-License-Identifier: MIT
/* Stands in for screen.c in a build without ncurses. */
#include <errno.h>

#include "base/error.h"
#include "cli/top/top.h"

bool top_has_screen(void)
{
	return false;
}

int top_screen(struct top *top, struct top_view *view, int64_t interval_ns, struct skep_error *err)
{
	(void)top;
	(void)view;
	(void)interval_ns;
	return skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
			      "this skep was built without ncurses");
}
