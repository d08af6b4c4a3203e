// SPDX-License-Identifier: MIT
/* Damaged objects are refused, or linked into something that can be read: never more than that. */
#include "support.h"

static void try(const uint8_t *data, size_t len, const uint8_t *other, size_t other_len)
{
	struct skep_linker *linker = skep_linker_new(NULL);
	struct skep_text out = { 0 };

	if (!skep_linker_add(linker, data, len, "damaged", NULL)) {
		skep_linker_add(linker, other, other_len, "whole", NULL);
		if (!skep_linker_finish(linker, &out, NULL)) {
			struct skep_linker *again = skep_linker_new(NULL);
			struct skep_error err = { 0 };

			assert_ok(!skep_linker_add(again, out.data, out.len, "linked", &err), &err);
			skep_linker_free(again);
		}
	}
	skep_text_free(&out);
	skep_linker_free(linker);
}

static void objects_cut_at_any_length_do_no_harm(void **state)
{
	size_t len, other_len;
	uint8_t *data = read_object("main", "el", &len);
	uint8_t *other = read_object("lib", "el", &other_len);

	(void)state;
	for (size_t cut = 0; cut < len; cut += cut < 128 ? 1 : 37) {
		uint8_t *copy = malloc(cut ? cut : 1);

		memcpy(copy, data, cut);
		try(copy, cut, other, other_len);
		free(copy);
	}
	free(data);
	free(other);
}

static void objects_with_a_wrong_byte_do_no_harm(void **state)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0xff };
	size_t len, other_len;
	uint8_t *data = read_object("main", "eb", &len);
	uint8_t *other = read_object("lib", "eb", &other_len);

	(void)state;
	for (size_t at = 0; at < len; at += 5) {
		uint8_t was = data[at];

		data[at] = values[at / 5 % 4];
		try(data, len, other, other_len);
		data[at] = was;
	}
	free(data);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_cut_at_any_length_do_no_harm),
		cmocka_unit_test(objects_with_a_wrong_byte_do_no_harm),
	};

	return cmocka_run_group_tests_name("linker_damage", tests, NULL, NULL);
}
