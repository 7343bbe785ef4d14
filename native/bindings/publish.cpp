#include "haihe/opcua/publish.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <optional>
#include <tuple>
#include <vector>

#include "arrays.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace haihe::opcua {
namespace {

using trend::Array;
using trend::to_array;
using Columns = std::tuple<Array<std::uint32_t>, Array<double>, Array<std::uint32_t>, Array<std::int64_t>,
                           Array<std::uint8_t>>;
using Skips = std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>;

std::optional<std::tuple<std::uint32_t, std::uint32_t, bool, Columns, Skips>> decode(
    const nb::bytes& body, std::int64_t receive_ns) {
  Publish found;
  const auto* bytes = static_cast<const std::byte*>(body.data());
  if (!decode_publish({bytes, body.size()}, receive_ns, found)) return std::nullopt;
  Skips skips;
  skips.reserve(found.skipped.size());
  for (const Skipped& one : found.skipped) skips.emplace_back(one.row, one.offset, one.size);
  return std::make_tuple(found.subscription, found.sequence, found.is_keepalive,
                         Columns{to_array(std::move(found.handle)), to_array(std::move(found.value)),
                                 to_array(std::move(found.status)), to_array(std::move(found.source_ns)),
                                 to_array(std::move(found.kind))},
                         std::move(skips));
}

}  // namespace
}  // namespace haihe::opcua

NB_MODULE(_publish, module) {
  nanobind::set_leak_warnings(false);
  module.doc() = "Compiled part of connectors.opcua; see notifications.";
  module.def("decode", &haihe::opcua::decode, "body"_a, "receive_ns"_a);
}
