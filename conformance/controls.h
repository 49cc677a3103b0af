/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controls - which controls of which frameworks a requirement gives evidence for
 *
 * Read from three shipped tables (conformance/controls/): frameworks, ids, links. A link never
 * says that a control is satisfied; its relation says how far the evidence goes.
 */
#ifndef CONFORMANCE_CONTROLS_H
#define CONFORMANCE_CONTROLS_H

#include "conformance/requirements.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stddef.h>

enum relation {
	RELATION_TESTS,    /* the probes try what the control asks for */
	RELATION_SUPPORTS, /* they show something that the control rests on */
	RELATION_PARTIAL,  /* one part of it, or for some uses only */
	RELATION_JUDGED,   /* our reading: no published crosswalk says so */
	RELATION_COUNT,
};

struct framework {
	const char *key;  /* "nist-800-53" */
	const char *name; /* "NIST SP 800-53" */
	const char *version;
};

struct control {
	const struct framework *framework;
	const char *id, *title;
	const char
		*baseline; /* lowest NIST baseline that has it, "none"; "-" elsewhere */
};

struct control_link {
	const struct requirement *requirement;
	const struct control *control;
	enum relation relation;
};

struct controls {
	const struct framework *frameworks;
	size_t framework_count;
	const struct control *ids;
	size_t id_count;
	const struct control_link *links; /* in the order of the file */
	size_t link_count;
};

extern const char *const relation_names[RELATION_COUNT + 1];

/**
 * controls_load() - Reads the three tables
 * @directory:	holds frameworks.tsv, ids.tsv, requirements.tsv
 * @arena:	owns everything that *controls points to
 * Return: 0; or -1: POLICY "file:line: …" (an unknown id, a double, a missing field), SYSTEM
 */
int controls_load(const char *directory, struct arena *arena, struct controls *controls,
		  struct err *err);

#endif
