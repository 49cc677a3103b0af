#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-token
# title: Get a metadata token (IMDSv2) and use it
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks the metadata service at 169.254.169.254 for a session token with PUT, as version 2
#   of the AWS service (IMDSv2) wants it, then for its index with the token.
# why: IMDSv2 stops a request that is forged through somebody else; it does not stop a script
#   that runs on the machine itself.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act imds-token 169.254.169.254 80
