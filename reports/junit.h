/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junit - the parts of the JUnit writer, and a document of many runs
 *
 * begin, add for every run, end. Suite ids run through; in a document of many runs the host is
 * the first part of a class name, its dots made underscores, because readers take what stands
 * before the last dot for a package and merge suites of one name.
 */
#ifndef REPORTS_JUNIT_H
#define REPORTS_JUNIT_H

#include "reports/fleet.h"
#include "reports/outcome.h"
#include "reports/results.h"
#include "reports/xml.h"

#define JUNIT_VALUE_MAX 1024 /* bytes of an attribute that is no message */
#define JUNIT_OF_RUN    LAYER_COUNT

struct junit_case {
	const char *name;
	struct ruling ruling;
	enum verdict verdict;
	/* One of the three; `finding` when both pointers are NULL. */
	const struct results_probe *probe;
	const struct results_requirement *requirement;
	enum finding finding;
};

struct junit_suite {
	unsigned int id;
	enum layer layer; /* JUNIT_OF_RUN: the run itself */
	bool first;       /* of its run */
	struct junit_case *cases;
	size_t count;
	size_t by_kind[RULING_ERROR + 1];
	uint64_t milliseconds;
	size_t body_left; /* of what the bodies of a suite may hold */
};

struct junit {
	struct xml xml;
	bool rich;  /* more than the schemas of others allow */
	bool fleet; /* of many runs */
	unsigned int next_id;
	char first_started[20]; /* of the first run */
	/* The run that is being written. */
	const struct results *results;
	const struct outcome *outcome;
};

void junit_begin(struct junit *junit, bool rich, bool fleet);
/* Appends the suites of a run; the order of the calls is the order of the document. */
void junit_add(struct junit *junit, const struct results *results,
	       const struct outcome *outcome);
/* The suite "fleet": a case for every expected host, and for every one that nobody expected; none
 * without --expect. */
void junit_add_fleet(struct junit *junit, const struct fleet *fleet); /* junit_fleet.c */
/* A suite that is about the fleet: open, its cases, close; element NULL: the case passed. */
void junit_open_fleet(struct junit *junit, const char *name, size_t tests, size_t errors,
		      size_t skipped);
void junit_add_fleet_case(struct junit *junit, const char *class, const char *name,
			  const char *element, const char *type, const char *message);
void junit_close_fleet(struct junit *junit);
/* Moves what is written so far to the end of *ret. */
void junit_flush(struct junit *junit, struct str *ret);
int junit_end(struct junit *junit, struct str *ret, struct err *err);

/* junit_properties.c: of a suite, and of a case in the rich dialect. */
void junit_put_properties(struct junit *junit, const struct junit_suite *suite);
void junit_put_case_properties(struct junit *junit, const struct results_probe *probe);
/* "run", or the layer. */
const char *junit_suite_name(const struct junit_suite *suite);
/* Nothing that a reader who collapses white space would see. */
bool junit_is_blank(const char *text);

#endif
