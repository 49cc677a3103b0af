#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.helper-preload
# title: Be loaded into a helper of the launcher
# requirement: ENV-21
# class: C
# needs: helpers lab program:/bin/true
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab helper-traps caller-env-set=LD_PRELOAD:{probes}/mark.so
# witness: mark
# refusals: witness
# reach: caller
# budget: seconds=5 tasks=64 memory=256M output=64K
# what: The launcher is started with LD_PRELOAD naming a real shared object, which leaves a mark
#   in every program that bears the name of a helper of the launcher; the policy asks for a
#   network that needs helpers. Outside, the script starts a program with it.
# why: CVE-2025-23266 (NVIDIA container toolkit, 2025): a hook with root's rights ran with
#   LD_PRELOAD from the environment of the image. Three lines of a Dockerfile were enough.
# remedy: Start helpers by absolute paths and with an environment of constants (execve with a
#   list of your own; never execvp, popen or system). Impact: a helper in another place has to
#   be named in a configuration of root's.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
if [ "$ARM" = reach ]; then
	unset CONFINE_PROBE_ONLY # so that any program is one of them
	/bin/true
fi
say reached -
