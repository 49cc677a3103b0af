#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-rules
# title: Take the rules away
# requirement: NET-12
# class: T
# needs: lab root-caller
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: nothing
# refusals: EPERM EACCES EPROTONOSUPPORT EAFNOSUPPORT
# reach: caller
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Asks the kernel to delete every rule of the packet filter (nftables) in the network
#   namespace, in one batch.
# why: Rules do not bind whoever may change them. A script that is root in the user namespace
#   of its network namespace holds CAP_NET_ADMIN there, which is all it takes to delete them.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act flush-rules
