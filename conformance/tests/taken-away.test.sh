#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# With a layer taken away from the host, `fail` refuses by the name of everything that is missing,
# `degrade` runs and says what was lost, and the suite finds lost exactly what was said. Nothing of
# the machine is changed: quotas are those of a user namespace of the test's own, mounts those of a
# mount namespace, and a filter holds for what was started under it.
set -u
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -static -o "$TESTTMP/take-away" \
	"$SRC/conformance/tests/taken-away.c" || {
	echo "not ok - the helper cannot be built"
	exit 0
}
exec python3 "$SRC/conformance/tests/taken-away.py"
