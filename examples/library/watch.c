// SPDX-License-Identifier: MIT
/*
 * What `skep run` does, in a program of your own: loads an object, attaches it, prints its records
 * as JSON lines until Ctrl-C.
 *
 *	cc watch.c -o watch $(pkg-config --cflags --libs skep)
 *	./watch exec.bpf.o
 */
#include <signal.h>
#include <stdio.h>
#include <skep/skep.h>

static struct skep_loop *loop;

static void stop(int signal)
{
	(void)signal;
	skep_loop_stop(loop);
}

static int print(void *schema, const struct skep_record *record)
{
	struct skep_text line = { 0 };

	skep_record_write_json(schema, record->data, record->len, &line);
	fwrite(line.data, 1, line.len, stdout);
	skep_text_free(&line);
	return 0;
}

static int watch(struct skep_object *object, struct skep_error *err)
{
	struct skep_ring *ring =
		skep_ring_open(object, skep_object_map(object, "events"), NULL, err);
	struct skep_schema *schema;
	int ret = -1;

	if (!ring)
		return -1;
	schema = skep_schema_new(skep_object_spec(object)->btf, skep_ring_type_id(ring), NULL, err);
	loop = skep_loop_new(err);
	if (schema && loop && !skep_loop_add_ring(loop, ring, print, schema, err) &&
	    skep_object_attach(object, err) >= 0) {
		signal(SIGINT, stop);
		ret = skep_loop_run(loop, -1, err);
	}
	skep_loop_free(loop);
	skep_schema_free(schema);
	skep_ring_close(ring);
	return ret;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_open(argc > 1 ? argv[1] : "exec.bpf.o", NULL, &err);
	struct skep_object *object = spec ? skep_object_load(spec, NULL, &err) : NULL;
	int ret;

	setlinebuf(stdout);
	ret = object ? watch(object, &err) : -1;
	if (ret)
		skep_error_print(&err, stderr);
	skep_object_close(object);
	skep_spec_free(spec);
	return ret ? 1 : 0;
}
