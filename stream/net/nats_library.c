// SPDX-License-Identifier: MIT
#include "stream/net/nats_library.h"

#include <pthread.h>

#include "stream/net/library.h"

#define NAME(name) #name,

/* Its interface is that of the version it was built with. */
#define DIGITS_(number) #number
#define DIGITS(number)	DIGITS_(number)
#define LIBRARY		"libnats.so." DIGITS(NATS_VERSION_MAJOR) "." DIGITS(NATS_VERSION_MINOR)
#define PACKAGE		"libnats" DIGITS(NATS_VERSION_MAJOR) "." DIGITS(NATS_VERSION_MINOR)

struct skep_nats_functions skep_nats;

static struct skep_error failed;

static void load(void)
{
	static const char *const names[] = { SKEP_NATS_FUNCTIONS(NAME) NULL };

	_Static_assert(sizeof(names) == sizeof(skep_nats) + sizeof(char *), "a name a member");
	skep_library_load(LIBRARY, PACKAGE, names, &skep_nats, &failed);
}

int skep_nats_load(struct skep_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (failed.code && err)
		*err = failed;
	return -failed.code;
}
