/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - one line of words for a case: verdict first, then the cause, then the evidence
 *
 * Raw: whoever prints it cleans it (line.h). Each part has a cap of its own, so that a long one
 * cannot push the others out.
 */
#ifndef REPORTS_MESSAGE_H
#define REPORTS_MESSAGE_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/str.h"

/* "BREACHED: false claim: <reason>; FS-01 <title>; …". */
void message_add_probe(struct str *str, const struct results_probe *probe);
void message_add_requirement(struct str *str, const struct results_requirement *row);
void message_add_finding(struct str *str, const struct results *results,
			 const struct outcome *outcome, enum finding finding);
/* The sentence alone, without the verdict. */
void message_add_finding_text(struct str *str, const struct results *results,
			      const struct outcome *outcome, enum finding finding);
/* Why a requirement stands where it stands, without the verdict. */
void message_add_requirement_text(struct str *str, const struct results_requirement *row);
/* "reach reached, attack denied EROFS": what the arms of a probe said. */
void message_add_arms(struct str *str, const struct results_probe *probe);
/* "canary unchanged, tasks 64"; nothing without evidence. */
void message_add_evidence(struct str *str, const struct results_probe *probe);
/* "until 2026-03-01: <reason>, owner …, approved by …". */
void message_add_waiver(struct str *str, const struct results_waiver *waiver);
/* "; level 2 lacks RES-11; not tested at level 2: PRV-12"; nothing when it lacks nothing. */
void message_add_lacking(struct str *str, const struct results *results, uint64_t level);
/* "meets level 1, self-assessed", and what the next one lacks. */
void message_add_level(struct str *str, const struct results *results,
		       const struct outcome *outcome);

#endif
