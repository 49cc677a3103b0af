/* SPDX-License-Identifier: Apache-2.0 */
/* json_write - the writing half of json.h: text made fit for JSON, exact numbers, whole
 * files. */
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/json_scan.h"
#include "runner/base/own.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_INTERNAL 70

/* libcjson prints 15 digits, and 17 only if those are off by more than one part in 2^52:
 * from 10^15 on its last digit cannot be trusted. */
#define PRINTED_EXACTLY 1000000000000000ULL
#define EXACT_MAX       (1ULL << 53)

static void add(cJSON *object, const char *key, cJSON *item)
{
	if (item && cJSON_AddItemToObject(object, key, item))
		return;
	(void)fputs("confine: out of memory\n", stderr);
	_Exit(EXIT_INTERNAL);
}

/* C0 except tab and newline, DEL, and C1, whose second UTF-8 byte is the control itself. */
static bool is_control(const unsigned char *text, size_t length)
{
	if (length == 2)
		return text[0] == 0xc2 && text[1] < 0xa0;
	return length == 1 &&
	       (text[0] == 0x7f || (text[0] < 0x20 && !strchr("\t\n", text[0])));
}

void json_add_text_bytes(cJSON *object, const char *key, const char *bytes, size_t count)
{
	owned_str struct str text = { 0 };

	for (size_t i = 0; i < count;) {
		const unsigned char *at = (const unsigned char *)bytes + i;
		size_t length = json_scan_character(bytes + i, count - i);
		size_t step = length ? length : 1;

		if (length && at[0] && !is_control(at, length))
			str_add_bytes(&text, at, length);
		else
			for (size_t k = 0; k < step; k++)
				str_addf(&text, "\\x%02x", at[k]);
		i += step;
	}
	add(object, key, cJSON_CreateString(str_text(&text)));
}

void json_add_text(cJSON *object, const char *key, const char *text)
{
	json_add_text_bytes(object, key, text, strlen(text));
}

void json_add_u64(cJSON *object, const char *key, uint64_t number)
{
	char digits[24];

	if (number < PRINTED_EXACTLY) {
		add(object, key, cJSON_CreateNumber((double)number));
		return;
	}
	(void)snprintf(digits, sizeof(digits), "%llu",
		       (unsigned long long)(number < EXACT_MAX ? number : EXACT_MAX));
	add(object, key, cJSON_CreateRaw(digits));
}

static void print(const cJSON *tree, bool pretty, struct str *ret)
{
	owned_mem char *text = pretty ? cJSON_Print(tree) : cJSON_PrintUnformatted(tree);

	if (!text) {
		(void)fputs("confine: out of memory\n", stderr);
		_Exit(EXIT_INTERNAL);
	}
	str_add(ret, text);
	str_add(ret, "\n");
}

int json_write_fd(int fd, const cJSON *tree, bool pretty, struct err *err)
{
	owned_str struct str text = { 0 };

	print(tree, pretty, &text);
	if (fd_write_all(fd, text.text, text.length) < 0)
		return err_sys(err, "json", "cannot write to descriptor %d", fd);
	return 0;
}

int json_write_file(const char *path, const cJSON *tree, bool pretty, struct err *err)
{
	owned_str struct str text = { 0 };

	if (strcmp(path, "-") == 0)
		return json_write_fd(STDOUT_FILENO, tree, pretty, err);
	print(tree, pretty, &text);
	return fd_replace_file(path, text.text, text.length, err);
}
