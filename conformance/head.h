/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head - the comments at the start of a probe, which are its catalogue entry
 *
 * Lines `# key: value`, each known key in its order; what, why and remedy go on in lines that
 * start with `#` and at least two spaces. The first line that is no comment ends the head, and so
 * does a bare `#`. The form is described in probes/README.md.
 */
#ifndef CONFORMANCE_HEAD_H
#define CONFORMANCE_HEAD_H

#include "conformance/probe.h"

/**
 * head_read() - One probe from the text of its file
 * @file:	path below the probes directory, from which id and layer follow
 * @arena:	owns everything that *probe points to
 * Return: 0; or -1 with POLICY "<file>:<line>: …"; *probe is untouched on failure
 */
int head_read(const char *file, const char *text, size_t length, struct arena *arena,
	      struct probe *probe, struct err *err);

#endif
