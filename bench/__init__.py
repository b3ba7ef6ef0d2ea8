"""The project's benchmarks: `make bench` runs all of them and writes bench/RESULTS.md."""
