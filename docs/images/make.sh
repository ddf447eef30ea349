#!/usr/bin/env bash
# Takes the pictures of this folder anew from `pullquote demo`, in Chromium. Needs chromium and chromium-driver.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cargo build --release
python3 -B .ci/pictures.py "${CARGO_TARGET_DIR:-target}/release/pullquote" docs/images
