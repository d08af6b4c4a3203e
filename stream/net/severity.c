// SPDX-License-Identifier: MIT
#include "stream/net/severity.h"

#include <stddef.h>

const char *const skep_severities[] = { "emerg",  "alert", "crit",  "err", "warning",
					"notice", "info",  "debug", NULL };

/* RFC 5424 has names of its own for 12 to 15, which nobody uses; these are rsyslog's. */
const char *const skep_facilities[] = { "kern",	    "user",   "mail",	"daemon", "auth",
					"syslog",   "lpr",    "news",	"uucp",	  "cron",
					"authpriv", "ftp",    "ntp",	"audit",  "alert",
					"clock",    "local0", "local1", "local2", "local3",
					"local4",   "local5", "local6", "local7", NULL };
