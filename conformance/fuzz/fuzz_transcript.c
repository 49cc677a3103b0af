/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_transcript - any bytes as what a hostile script says, and as the facts it claims
 *
 * Beyond not crashing: a line without the nonce changes nothing; what says something has a word; facts
 * are taken whole, with numbers in their ranges, or not at all.
 * seeds: conformance/fuzz/corpus/transcript
 */
#include "conformance/transcript.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

#define NONCE "00112233445566778899aabbccddeeff"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_facts(const struct facts *facts)
{
	if (facts->group_count > FACT_GROUPS_MAX)
		abort();
	for (unsigned int i = 0; i < FACT_LIMIT_COUNT; i++)
		if (facts->limits[i][0] < FACT_RLIM_UNLIMITED ||
		    facts->limits[i][1] < FACT_RLIM_UNLIMITED)
			abort();
}

static void check_line(const char *line, size_t length, struct transcript *transcript)
{
	struct transcript before = *transcript;
	bool ours = transcript_line(NONCE, line, length, transcript);

	if (!memchr(transcript->word, '\0', sizeof(transcript->word)))
		abort();
	if (!ours && memcmp(&before, transcript, sizeof(before)) != 0)
		abort();
	if (ours && !memmem(line, length, NONCE, strlen(NONCE)))
		abort();
	if (transcript->has_facts)
		check_facts(&transcript->facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	owned_mem char *bytes = malloc(size ? size : 1);
	struct transcript transcript;
	struct facts facts;
	struct err err = { 0 };
	size_t start = 0;

	if (!bytes)
		return 0;
	memset(&transcript, 0, sizeof(transcript)); /* also what lies between members */
	if (size)
		memcpy(bytes, data, size);
	for (size_t i = 0; i <= size; i++) {
		if (i < size && bytes[i] != '\n')
			continue;
		check_line(bytes + start, i - start, &transcript);
		start = i + 1;
	}
	if (transcript_facts(NONCE, bytes, size, &facts, &err) == 0)
		check_facts(&facts);
	else if (!err.msg[0] || strchr(err.msg, '\n'))
		abort();
	return 0;
}
