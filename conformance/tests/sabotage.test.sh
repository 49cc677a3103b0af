#!/bin/sh
# as: root user
# Lies are caught. A never-installed build of the runner skips one step of its plan and keeps the
# claim and the read-back of it quiet; the suite has to name that step's requirement, as a false
# claim, and nothing that does not rest on it. With the read-back intact the same run refuses.
# CONFINE_SOAK=1 tries every step against the whole suite; otherwise every step is tried
# against the probes of its own requirements, and a sample (CONFINE_SEED, default 1) against all.
set -u
if [ ! -x "$SABOTAGE/bin/confine" ]; then
	echo "not ok - there is no sabotage build: make sabotage-build"
	exit 0
fi
exec python3 "$SRC/conformance/tests/sabotage.py"
