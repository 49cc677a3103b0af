/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* filter - see filter.h */
#include "runner/egress/filter.h"
#include <nftables/libnftables.h>
#include <string.h>

static void free_context(struct nft_ctx **context)
{
	if (*context)
		nft_ctx_free(*context);
}
#define owned_context __attribute__((cleanup(free_context)))

/* One command; what it prints is added to `ret`, where there is one. */
static int run(const char *command, struct str *ret, struct err *err)
{
	owned_context struct nft_ctx *context = nft_ctx_new(NFT_CTX_DEFAULT);

	if (!context || nft_ctx_buffer_output(context) || nft_ctx_buffer_error(context))
		return err_set(err, ERR_SYSTEM, "network", "libnftables does not start");
	nft_ctx_output_set_flags(context, NFT_CTX_OUTPUT_NUMERIC_ALL);
	if (nft_run_cmd_from_buffer(context, command) != 0) {
		const char *said = nft_ctx_get_error_buffer(context);

		return err_set(err, ERR_SYSTEM, "network", "nftables: %.*s",
			       (int)strcspn(said, "\n"), said);
	}
	if (ret)
		str_add(ret, nft_ctx_get_output_buffer(context));
	return 0;
}

int filter_load(const char *rules, struct err *err)
{
	return run(rules, NULL, err);
}

int filter_list(struct str *ret, struct err *err)
{
	return run("list ruleset", ret, err);
}
