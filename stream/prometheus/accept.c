// SPDX-License-Identifier: MIT
/* Which format a request asks for: RFC 9110, 12.5.1, as far as two formats need it. */
#include <string.h>
#include <strings.h>

#include "stream/prometheus/prometheus.h"

static bool takes_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

/* "q=0.75" as 750, in an entry's parameters up to its comma; 1000 when there is none. */
static unsigned int quality(const char *at)
{
	unsigned int q = 0, unit = 1000;

	for (; *at && *at != ','; at++) {
		if (*at != ';')
			continue;
		at += 1 + strspn(at + 1, " \t");
		if (takes_word(&at, "q=")) {
			for (; (*at >= '0' && *at <= '9') || *at == '.'; at++) {
				if (*at == '.')
					continue;
				q += unit * (unsigned int)(*at - '0');
				unit /= 10;
			}
			return q < 1000 ? q : 1000;
		}
		at--;
	}
	return 1000;
}

bool skep_prometheus_prefers_open_metrics(const char *accept)
{
	unsigned int open_metrics = 0, plain = 0, q;

	for (const char *at = accept; at && *at; at += *at == ',') {
		at += strspn(at, " \t");
		q = quality(at);
		if (takes_word(&at, "application/openmetrics-text") && strchr("; \t,", *at))
			open_metrics = q > open_metrics ? q : open_metrics;
		else if (takes_word(&at, "text/plain") && strchr("; \t,", *at))
			plain = q > plain ? q : plain;
		at += strcspn(at, ",");
	}
	return open_metrics && open_metrics >= plain;
}
