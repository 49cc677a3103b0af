#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.planted-link
# title: Have the set-up of this run follow a link of the run before
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file planted-links
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT ENOTDIR
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: A run before this one has left symbolic links in scratch, to a directory outside. The
#   launcher sets up its mounts; then the script creates a file through one of the links.
#   Whichever of the two follows a link, the directory outside must have no new entry.
# why: A launcher that mounts something below scratch creates the place for it with its own
#   rights and before any wall stands, and walks through a link that lies there: runc in 2021
#   (CVE-2021-30465), Flatpak in 2024 (CVE-2024-42472). bubblewrap 0.8 makes a directory on the
#   host in this way.
# remedy: Mount nothing below a directory that an earlier script could write; or resolve such
#   places with openat2(RESOLVE_IN_ROOT) and follow no link. Newer releases of bubblewrap
#   refuse. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act create "$SCRATCH/by-path/inner"
