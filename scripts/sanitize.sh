#!/usr/bin/env bash
# The C++ tests under address + undefined-behaviour and thread sanitizers, then fuzzers over the file formats and over
# what an OPC UA server publishes.
#   scripts/sanitize.sh [SECONDS]      how long to fuzz each (default 20)
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
export PATH="$PWD/.venv/bin:$PATH"

build() {  # folder, sanitizers, more options
  cmake -S . -B "build/$1" -G Ninja -DCMAKE_MAKE_PROGRAM="$PWD/.venv/bin/ninja" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_FLAGS="-fsanitize=$2 -fno-omit-frame-pointer -fno-sanitize-recover=all" "${@:3}" >/dev/null
  cmake --build "build/$1" | tail -1
}

build asan address,undefined
ctest --test-dir build/asan --output-on-failure | tail -4
# gcc's thread sanitizer does not know fences (-Wtsan), which order the sequence locks
build tsan thread -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -g -Wno-error -Wno-tsan"
ctest --test-dir build/tsan --output-on-failure | tail -4

if ! command -v clang++ >/dev/null || [ ! -e "$(clang++ -print-file-name="libclang_rt.fuzzer-$(uname -m).a")" ]; then
  echo "fuzzing skipped: clang++ or its libFuzzer is missing (Debian 12: apt-get install clang libclang-rt-14-dev)"
  exit 0
fi
build fuzz address,undefined,fuzzer-no-link -DCMAKE_CXX_COMPILER=clang++ -DHAIHE_FUZZ=ON
for subject in trend opcua; do
  mkdir -p "build/fuzz/corpus/$subject"
  .venv/bin/python scripts/fuzz_seeds.py "$subject" "build/fuzz/corpus/$subject"
  "build/fuzz/native/tests/${subject}_fuzz" -max_total_time="$seconds" -max_len=65536 -print_final_stats=1 \
    "build/fuzz/corpus/$subject" 2>&1 | tail -12
done
