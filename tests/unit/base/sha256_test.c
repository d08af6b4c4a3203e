// SPDX-License-Identifier: MIT
#include "test.h"

#include "base/sha256.h"

static void check(const void *data, size_t len, const char *expected)
{
	uint8_t digest[SKEP_SHA256_LEN];
	char text[2 * SKEP_SHA256_LEN + 1];

	skep_sha256(data, len, digest);
	for (int i = 0; i < SKEP_SHA256_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, expected);
}

/* The examples of FIPS 180-4, and lengths around the end of a block. */
static void digests_are_those_of_the_standard(void **state)
{
	static char many[1000000];

	(void)state;
	memset(many, 'a', sizeof(many));
	check(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	check(many, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
	check(many, 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
	check(many, sizeof(many),
	      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standard),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
