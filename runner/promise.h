/* SPDX-License-Identifier: Apache-2.0 */
/* promise - the requirement ids that a run can promise to keep (text: CONFORMANCE.md) */
#ifndef RUNNER_PROMISE_H
#define RUNNER_PROMISE_H

#include <stdint.h>

enum requirement {
	REQ_FS_01,
	REQ_FS_02,
	REQ_FS_03,
	REQ_NET_01,
	REQ_PRV_01,
	REQ_RES_01,
	REQ_RES_02,
	REQ_LIF_01,
	REQ_OUT_01,
	REQ_ENV_01,
	REQ_FD_01,
	REQ_RPT_01,
	REQ_RPT_02,
	REQ_RPT_03,
	REQ_FS_11,
	REQ_FS_12,
	REQ_FS_13,
	REQ_NET_11,
	REQ_NET_12,
	REQ_NET_13,
	REQ_PRC_11,
	REQ_IPC_11,
	REQ_PRV_11,
	REQ_PRV_12,
	REQ_PRV_13,
	REQ_RES_11,
	REQ_LIF_11,
	REQ_FD_11,
	REQ_SYS_21,
	REQ_SYS_22,
	REQ_SYS_23,
	REQ_SYS_24,
	REQ_FS_21,
	REQ_DEV_21,
	REQ_LIF_21,
	REQ_LIF_22,
	REQ_LIF_23,
	REQ_ENV_21,
	REQ_RPT_21,
	REQ_RPT_22,
	REQ_COUNT,
};

/* A set of them. */
#define REQ(name) (UINT64_C(1) << REQ_##name)

/* In order of strength: two rungs that speak of the same id leave the weaker promise. */
enum promise {
	PROMISE_NOTHING,
	PROMISE_ENFORCED,
	PROMISE_DEGRADED,
};

extern const char *const requirement_ids[REQ_COUNT];
extern const char *const promise_words[];

#endif
