#!/bin/sh
# make_page.sh TOOL PAGE.scd SCDOC - the man page of TOOL, its options put in from its own table.
set -eu
options=$(mktemp)
trap 'rm -f "$options"' EXIT
"$1" --help=scdoc > "$options"
sed -e "/^@OPTIONS@\$/{r $options" -e 'd;}' "$2" | "$3"
