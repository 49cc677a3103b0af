/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover - what a caller hands to a script under --runtime, and what it gets back: the context, the
 * modules that are shown, the result
 */
#ifndef RUNNER_HANDOVER_H
#define RUNNER_HANDOVER_H

#include "runner/base/replace.h"
#include "runner/outcome.h"
#include "runner/plan.h"

/* As on the command line; NULL = not given. */
struct handover {
	const char *runtime;      /* a name, or an absolute path */
	const char *context_file; /* "-" = standard input */
	const char *context_text; /* JSON */
	const char *modules_root; /* directory that holds node_modules */
	const char *result_file;  /* "-" = standard output */
	int result_fd;            /* -1 = none */
};

/**
 * handover_read() - Complete a request whose script has been read
 * Return: 0; or -1 POLICY: one sentence. Then nothing was started and nothing written
 */
int handover_read(const struct handover *given, const struct policy *policy,
		  struct arena *arena, struct request *request, struct err *err);

/* Writes a result that counts (outcome->result_counts) to where it was asked for, whole or not at all;
 * otherwise touches nothing. @into: what result_file was found to be, before anything ran. */
int handover_deliver(const struct handover *given, struct replace *into,
		     const struct outcome *outcome, struct err *err);

#endif
