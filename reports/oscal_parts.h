/* SPDX-License-Identifier: Apache-2.0 */
/* oscal_parts - the pieces of OSCAL that repeat: ids, properties, markup, findings */
#ifndef REPORTS_OSCAL_PARTS_H
#define REPORTS_OSCAL_PARTS_H

#include "reports/controls.h"
#include "reports/digest.h"
#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/json.h"

#define OSCAL_TEXT_MAX 2000

/* "uuid": of a thing of this run's host and target; kind "probe", "layer", … */
void oscal_id(char ret[DIGEST_UUID], const struct results *results, const char *kind,
	      const char *name);
void oscal_add_id(struct json *object, const char *key, const struct results *results,
		  const char *kind, const char *name);
/* One line without blanks at its ends; `otherwise` where nothing is left. */
void oscal_add_text(struct json *object, const char *key, const char *text,
		    const char *otherwise);
/* Appends to the array "props" of the object, made when it is missing; nothing for a blank
 * value. */
void oscal_add_prop(struct json *object, const char *name, const char *value);
void oscal_add_prop_number(struct json *object, const char *name, uint64_t number);
/* The UUID of the back-matter resource of a framework, or of the plan. */
void oscal_resource_id(char ret[DIGEST_UUID], const char *name);

/* Appends the findings and risks of a run to the object of its result. */
void oscal_add_findings(struct json *result, const struct results *results);

#endif
