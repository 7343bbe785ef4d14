// libFuzzer: whatever bytes come from a server, decoding stays within them and its columns are of one length.
#include <cstdlib>

#include "haihe/opcua/publish.hpp"

using namespace haihe::opcua;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Publish found;
  if (!decode_publish({reinterpret_cast<const std::byte*>(data), size}, 1, found)) return 0;
  const std::size_t rows = found.handle.size();
  if (found.value.size() != rows || found.status.size() != rows || found.source_ns.size() != rows ||
      found.kind.size() != rows) {
    std::abort();
  }
  std::size_t row = 0, end = 0;
  for (const Skipped& one : found.skipped) {
    if (one.row < row || one.row > rows || one.offset < end || one.offset + one.size > size) std::abort();
    row = one.row;
    end = one.offset + one.size;
  }
  return 0;
}
