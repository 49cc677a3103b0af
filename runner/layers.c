/* SPDX-License-Identifier: Apache-2.0 */
/* layers - the table: privilege first, since who the script is decides what the others can do */
#include "runner/base/own.h"
#include "runner/layer.h"

const struct layer layers[] = {
	{ LAYER_PRIVILEGE, plan_privilege },
	{ LAYER_LIFECYCLE, plan_lifecycle },
	{ LAYER_RESOURCES, plan_resources },
	{ LAYER_NETWORK, plan_network },
	{ LAYER_IPC, plan_ipc },
	{ LAYER_FILESYSTEM, plan_filesystem },
	{ LAYER_SCRATCH, plan_scratch },
	{ LAYER_ENVIRONMENT, plan_environment },
	{ LAYER_OUTPUT, plan_output },
	{ LAYER_OUTPUT, plan_runtime },
	{ LAYER_SYSCALLS, plan_syscalls },
	{ LAYER_FILESYSTEM, plan_landlock }, /* by what all of them attached */
};
const size_t layer_table_count = ARRAY_SIZE(layers);
