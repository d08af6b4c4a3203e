// SPDX-License-Identifier: MIT
/*
 * Any bytes as a package, in every form that they could be of: what is read is whole, fits its
 * object or is told not to, and can be listed.
 */
#include <skep/spec.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "package/options.h"
#include "package/read.h"
#include "package/write.h"

static bool nothing_is_taken(const char *name, char letter)
{
	(void)name;
	(void)letter;
	return false;
}

static void use_object(struct skep_package *package, const struct skep_package_object *object)
{
	struct skep_spec *spec = skep_spec_read(object->data, object->len, NULL, NULL);
	struct skep_text text = { 0 };

	if (!spec)
		return;
	if (!skep_package_verify(package, spec, NULL) &&
	    !skep_package_set_values(package, spec, NULL)) {
		skep_package_write_options(package, spec, nothing_is_taken, &text);
		skep_vec_for_each(&package->options, option)
			skep_package_set_option(package, spec, option->variable, "1", NULL);
	}
	skep_text_free(&text);
	skep_spec_free(spec);
}

static void read_as(const uint8_t *data, size_t len, enum skep_package_form form)
{
	struct skep_package_read_opts opts = { .form = form, .path = "/nonexistent/x.skel.json" };
	struct skep_package package;
	struct skep_error err = { 0 };
	int ret = skep_package_read(&package, data, len, &opts, &err);

	FUZZ_ASSERT(ret == -err.code);
	FUZZ_ASSERT(!ret || (!package.name && !package.objects.len && !package.blobs.len));
	if (ret)
		return;
	FUZZ_ASSERT(package.name && package.objects.len);
	skep_vec_for_each(&package.objects, object)
		FUZZ_ASSERT(object->data && object->len);
	for (size_t i = 0; i < package.objects.len && i < 2; i++)
		use_object(&package, &package.objects.items[i]);
	skep_package_clear(&package);
}

/* The same bytes, changed here and there in a way that they themselves decide. */
static void read_damaged(const struct skep_text *whole, uint64_t seed, enum skep_package_form form)
{
	uint8_t *copy = malloc(whole->len);

	FUZZ_ASSERT(copy);
	for (int round = 0; round < 3; round++) {
		size_t len = whole->len;

		memcpy(copy, whole->data, len);
		for (int i = 0; i < 3; i++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			copy[(seed >> 33) % len] ^= (uint8_t)(1 << (seed >> 29 & 7));
		}
		if (round == 2)
			len = (seed >> 33) % len;
		read_as(copy, len, form);
	}
	free(copy);
}

/* What is written of a package is a package again, and what is damaged of it is survived. */
static void write_and_read(const uint8_t *data, size_t len)
{
	static int (*const writers[])(const struct skep_package *, struct skep_text *,
				      struct skep_error *) = { skep_package_write,
							       skep_package_write_tar };
	const struct skep_package_read_opts opts = { .form = SKEP_PACKAGE_FORM_OBJECT };
	struct skep_package package, again;

	if (skep_package_read(&package, data, len, &opts, NULL))
		return;
	for (size_t i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		struct skep_text text = { 0 };
		int ret = writers[i](&package, &text, &err);

		/* An object that is damaged is not written. */
		FUZZ_ASSERT(!ret == !err.code);
		if (ret) {
			skep_text_free(&text);
			break;
		}
		ret = skep_package_read(&again, text.data, text.len, NULL, &err);
		/* Names that are damaged may not stand in the other form. */
		FUZZ_ASSERT(ret == -err.code && (!ret || i));
		if (ret) {
			skep_text_free(&text);
			break;
		}
		FUZZ_ASSERT(again.objects.items[0].len == len);
		FUZZ_ASSERT(!memcmp(again.objects.items[0].data, data, len));
		skep_package_clear(&again);
		read_damaged(&text, len, SKEP_PACKAGE_FORM_TAR);
		skep_text_free(&text);
	}
	skep_package_clear(&package);
}

static uint32_t hash(const uint8_t *data, size_t len)
{
	uint32_t sum = 2166136261;

	while (len--)
		sum = (sum ^ *data++) * 16777619;
	return sum >> 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_as(data, len, SKEP_PACKAGE_FORM_OBJECT);
	read_as(data, len, SKEP_PACKAGE_FORM_JSON);
	read_as(data, len, SKEP_PACKAGE_FORM_YAML);
	read_as(data, len, SKEP_PACKAGE_FORM_TAR);
	/* What costs most is not done each time. */
	if (hash(data, len < 4096 ? len : 4096) % 16 == 0)
		write_and_read(data, len);
	return 0;
}
