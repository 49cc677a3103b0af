/* SPDX-License-Identifier: Apache-2.0 */
/* controls - see controls.h. */
#include "reports/controls.h"
#include <string.h>

#define OUR_WORDS "The numbers are theirs, the words beside them are ours."

const struct framework frameworks[] = {
	{ "nist-800-53", "NIST SP 800-53",
	  "Baseline: the lowest of SP 800-53B that asks for the control." },
	{ "nist-800-190", "NIST SP 800-190",
	  "Numbers on which several projects agree; not compared with the printed "
	  "text." },
	{ "attack", "MITRE ATT&CK Enterprise",
	  "Techniques that the probes stand for. \302\251 The MITRE Corporation. This "
	  "work is "
	  "reproduced and distributed with the permission of The MITRE Corporation." },
	{ "cis-docker", "CIS Docker Benchmark", OUR_WORDS },
	{ "cis-kubernetes", "CIS Kubernetes Benchmark",
	  "Most of section 5 are policy items, which an auditor judges. " OUR_WORDS },
	{ "iso-27001", "ISO/IEC 27001 Annex A", OUR_WORDS },
	{ "soc2", "AICPA Trust Services Criteria", OUR_WORDS },
	{ "pci-dss", "PCI DSS",
	  "Only where the sandbox is in, or parts, the cardholder data "
	  "environment. " OUR_WORDS },
	{ NULL, NULL, NULL },
};

const struct framework *framework_find(const char *key)
{
	for (const struct framework *row = frameworks; row->key; row++)
		if (strcmp(row->key, key) == 0)
			return row;
	return NULL;
}
