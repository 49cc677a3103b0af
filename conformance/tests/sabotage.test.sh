#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# Lies are caught: sabotage.py says how. Every step is tried with its read-back intact, and some mutants,
# chosen by CONFINE_SEED (default 1), one of a family, against the probes of their own requirements;
# CONFINE_SOAK=1 tries all of them, as `make sabotage` does.
set -u
if [ ! -x "$SABOTAGE/bin/confine" ]; then
	echo "not ok - there is no sabotage build: make sabotage-build"
	exit 0
fi
sample='--sample 8'
[ -z "${CONFINE_SOAK:-}" ] || sample=
# shellcheck disable=SC2086 # an option and its value
PYTHONDONTWRITEBYTECODE=1 python3 "$SRC/conformance/tests/sabotage.py" $sample --shape "$SRC/conformance/SABOTAGE.md"
exit 0
