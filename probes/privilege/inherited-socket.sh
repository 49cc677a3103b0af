#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.inherited-socket
# title: Reach the metadata address through an inherited socket
# requirement: FD-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab fd-socket
# witness: arrivals
# refusals: EBADF ENOTSOCK
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher was started with descriptor 9, a UDP socket connected to 169.254.169.254.
#   The script sends one datagram through it.
# why: A socket belongs to the network namespace it was made in, whoever holds it: an empty
#   network namespace does not stop it.
# remedy: A descriptor of the caller's is handed on. Close everything above 2 before exec
#   (close_range(3, ~0U, 0)). Impact: descriptors that are meant to be handed on have to be
#   named.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act send-descriptor "$LEAK_FD"
