#!/bin/sh
# make_page.sh TOOL PAGE.scd SCDOC - the man page of TOOL, with its options, and the words that may
# stand first, put in from its own tables.
set -eu
options=$(mktemp)
words=$(mktemp)
trap 'rm -f "$options" "$words"' EXIT
"$1" --help=scdoc > "$options"
"$1" --help=scdoc-words > "$words"
sed -e "/^@OPTIONS@\$/{r $options" -e 'd;}' -e "/^@WORDS@\$/{r $words" -e 'd;}' "$2" | "$3"
