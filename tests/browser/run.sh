#!/bin/sh
# run.sh TEST BIN_DIR - runs a test of tests/browser; 77 means that it could not be.
if ! command -v node > /dev/null; then
    echo "skipped: there is no Node.js"
    exit 77
fi
exec node "$1" "$2"
