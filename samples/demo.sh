#!/usr/bin/env bash
# What `make demo` runs: the daily tasks on sample data. Running it again changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "Onboard three clients"
spark9 client add caterpillar/meta/2024 --grant sean@sparkno9.com
spark9 client add nike/linkedin/2024
spark9 client add startup/meta/2024

say "Load naming keys and three waves each"
spark9 load samples/caterpillar_meta_naming_keys.csv --client caterpillar/meta/2024
for wave in 1 2 3; do
  spark9 load "samples/caterpillar_meta_wave$wave.csv" --client caterpillar/meta/2024 --wave "$wave"
  spark9 load "samples/nike_linkedin_wave$wave.csv" --client nike/linkedin/2024 --wave "$wave"
  spark9 load "samples/startup_meta_wave$wave.csv" --client startup/meta/2024 --wave "$wave"
done

say "Build everything: dbt build"
dbt --quiet build --exclude-resource-type unit_test

say "The result: spark9 status"
spark9 status
