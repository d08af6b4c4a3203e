// SPDX-License-Identifier: MIT
#include "base/readable.h"

#include <arpa/inet.h>
#include <signal.h>
#include <time.h>
#include <skep/error.h>

#define NS	   1000000000ull
#define MOST_ERRNO 4095

void skep_write_address(const uint8_t *bytes, size_t len, struct skep_text *out)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)))
		skep_text_str(out, text);
}

void skep_write_octets(const uint8_t *bytes, size_t len, char separator, struct skep_text *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		if (i && separator)
			skep_text_char(out, separator);
		skep_text_char(out, digits[bytes[i] >> 4]);
		skep_text_char(out, digits[bytes[i] & 15]);
	}
}

void skep_write_errno(int64_t number, struct skep_text *out)
{
	bool is_in_range = number >= -MOST_ERRNO && number <= MOST_ERRNO;
	const char *name = is_in_range ? skep_errno_name((int)number) : "E?";

	if (number && strcmp(name, "E?") != 0)
		skep_text_str(out, name);
	else
		skep_text_i64(out, number);
}

/* Numbers differ between machines; the names of the C library's header do not. */
static const char *const signals[] = {
	[SIGHUP] = "SIGHUP",	   [SIGINT] = "SIGINT",	      [SIGQUIT] = "SIGQUIT",
	[SIGILL] = "SIGILL",	   [SIGTRAP] = "SIGTRAP",     [SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",	   [SIGFPE] = "SIGFPE",	      [SIGKILL] = "SIGKILL",
	[SIGUSR1] = "SIGUSR1",	   [SIGSEGV] = "SIGSEGV",     [SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE",	   [SIGALRM] = "SIGALRM",     [SIGTERM] = "SIGTERM",
	[SIGCHLD] = "SIGCHLD",	   [SIGCONT] = "SIGCONT",     [SIGSTOP] = "SIGSTOP",
	[SIGTSTP] = "SIGTSTP",	   [SIGTTIN] = "SIGTTIN",     [SIGTTOU] = "SIGTTOU",
	[SIGURG] = "SIGURG",	   [SIGXCPU] = "SIGXCPU",     [SIGXFSZ] = "SIGXFSZ",
	[SIGPROF] = "SIGPROF",	   [SIGVTALRM] = "SIGVTALRM", [SIGWINCH] = "SIGWINCH",
	[SIGPOLL] = "SIGPOLL",	   [SIGPWR] = "SIGPWR",	      [SIGSYS] = "SIGSYS",
#ifdef SIGSTKFLT
	[SIGSTKFLT] = "SIGSTKFLT",
#endif
};

void skep_write_signal(int64_t number, struct skep_text *out)
{
	bool is_known = number > 0 && number < (int64_t)(sizeof(signals) / sizeof(signals[0]));

	if (is_known && signals[number])
		skep_text_str(out, signals[number]);
	else
		skep_text_i64(out, number);
}

void skep_write_span(int64_t ns, struct skep_text *out)
{
	uint64_t n = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		skep_text_char(out, '-');
	if (n < 1000)
		skep_text_printf(out, "%llu ns", (unsigned long long)n);
	else if (n < 1000000)
		skep_text_printf(out, "%llu.%03llu us", n / 1000ull, n % 1000ull);
	else if (n < NS)
		skep_text_printf(out, "%llu.%03llu ms", n / 1000000ull, n / 1000 % 1000ull);
	else
		skep_text_printf(out, "%llu.%03llu s", n / NS, n / 1000000 % 1000ull);
}

void skep_write_size(uint64_t bytes, struct skep_text *out)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	size_t unit = 0;

	if (bytes < 1024) {
		skep_text_u64(out, bytes);
		skep_text_lit(out, " B");
		return;
	}
	/* What would be rounded up to 1024.0 is one of the next unit. */
	for (; value >= (unit ? 1023.95 : 1024); unit++)
		value /= 1024;
	skep_text_printf(out, "%.1f %s", value, units[unit]);
}

void skep_write_clock(uint64_t realtime, struct skep_text *out)
{
	time_t seconds = (time_t)(realtime / NS);
	struct tm tm = { 0 };

	localtime_r(&seconds, &tm);
	skep_text_printf(out, "%02d:%02d:%02d.%06u", tm.tm_hour, tm.tm_min, tm.tm_sec,
			 (unsigned int)(realtime % NS / 1000));
}

void skep_write_instant(uint64_t realtime, struct skep_text *out)
{
	time_t seconds = (time_t)(realtime / NS);
	struct tm tm = { 0 };

	gmtime_r(&seconds, &tm);
	skep_text_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09uZ", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			 (unsigned int)(realtime % NS));
}
