/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/promise.h"

const char *const requirement_ids[REQ_COUNT] = {
	[REQ_FS_01] = "FS-01",   [REQ_FS_02] = "FS-02",   [REQ_FS_03] = "FS-03",
	[REQ_NET_01] = "NET-01", [REQ_PRV_01] = "PRV-01", [REQ_RES_01] = "RES-01",
	[REQ_RES_02] = "RES-02", [REQ_LIF_01] = "LIF-01", [REQ_OUT_01] = "OUT-01",
	[REQ_ENV_01] = "ENV-01", [REQ_FD_01] = "FD-01",   [REQ_RPT_01] = "RPT-01",
	[REQ_RPT_02] = "RPT-02", [REQ_RPT_03] = "RPT-03", [REQ_FS_11] = "FS-11",
	[REQ_FS_12] = "FS-12",   [REQ_FS_13] = "FS-13",   [REQ_NET_11] = "NET-11",
	[REQ_NET_12] = "NET-12", [REQ_NET_13] = "NET-13", [REQ_PRC_11] = "PRC-11",
	[REQ_IPC_11] = "IPC-11", [REQ_PRV_11] = "PRV-11", [REQ_PRV_12] = "PRV-12",
	[REQ_PRV_13] = "PRV-13", [REQ_RES_11] = "RES-11", [REQ_LIF_11] = "LIF-11",
	[REQ_FD_11] = "FD-11",   [REQ_SYS_21] = "SYS-21", [REQ_SYS_22] = "SYS-22",
	[REQ_SYS_23] = "SYS-23", [REQ_SYS_24] = "SYS-24", [REQ_FS_21] = "FS-21",
	[REQ_DEV_21] = "DEV-21", [REQ_LIF_21] = "LIF-21", [REQ_LIF_22] = "LIF-22",
	[REQ_LIF_23] = "LIF-23", [REQ_ENV_21] = "ENV-21", [REQ_RPT_21] = "RPT-21",
	[REQ_RPT_22] = "RPT-22",
};

const char *const promise_words[] = {
	[PROMISE_NOTHING] = "nothing",
	[PROMISE_ENFORCED] = "enforced",
	[PROMISE_DEGRADED] = "degraded",
};
