#include "haihe/opcua/publish.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "wire.hpp"

namespace haihe::opcua {
namespace {

constexpr std::uint16_t kPublishResponse = 829, kDataChange = 811;   // ids of the binary encodings
constexpr std::size_t kLeastItem = 5;                                // handle and an empty mask, bytes
constexpr std::int64_t kEpochMicroseconds = 11'644'473'600'000'000;  // from 1601 to 1970
constexpr std::int64_t kEndMicroseconds = (std::int64_t{1} << 62) / 1000;
constexpr std::int64_t kExact = std::int64_t{1} << 53;

/// @brief Whether the next NodeId is this one of namespace 0, whichever of the numeric forms it has.
bool is_type(Wire& wire, std::uint32_t id) {
  switch (wire.take<std::uint8_t>()) {
    case 0:
      return wire.take<std::uint8_t>() == id;
    case 1: {
      const auto space = wire.take<std::uint8_t>();
      return wire.take<std::uint16_t>() == id && space == 0;
    }
    case 2: {
      const auto space = wire.take<std::uint16_t>();
      return wire.take<std::uint32_t>() == id && space == 0;
    }
    default:
      return false;
  }
}

/// @brief Nanoseconds since the epoch of a DateTime; nothing for those that stand for "no time" (1601, 9999).
std::optional<std::int64_t> to_ns(std::int64_t ticks) {
  if (ticks < 0) return std::nullopt;
  const std::int64_t microseconds = ticks / 10 - kEpochMicroseconds;
  if (microseconds < 0 || microseconds > kEndMicroseconds) return std::nullopt;
  return microseconds * 1000;
}

/// @brief The next value of a numeric type as a float; nothing where a float does not hold it.
std::optional<double> number(Wire& wire, std::uint8_t type) {
  switch (type) {
    case kBoolean:
      return wire.take<std::uint8_t>() != 0 ? 1.0 : 0.0;
    case kSByte:
      return wire.take<std::int8_t>();
    case kByte:
      return wire.take<std::uint8_t>();
    case kInt16:
      return wire.take<std::int16_t>();
    case kUInt16:
      return wire.take<std::uint16_t>();
    case kInt32:
      return wire.take<std::int32_t>();
    case kUInt32:
      return wire.take<std::uint32_t>();
    case kInt64: {
      const auto whole = wire.take<std::int64_t>();
      if (whole < -kExact || whole > kExact) return std::nullopt;
      return static_cast<double>(whole);
    }
    case kUInt64: {
      const auto whole = wire.take<std::uint64_t>();
      if (whole > static_cast<std::uint64_t>(kExact)) return std::nullopt;
      return static_cast<double>(whole);
    }
    case kFloat:
      return static_cast<double>(wire.take<float>());
    default:
      return wire.take<double>();
  }
}

void take_item(Wire& wire, std::int64_t receive_ns, Publish& out) {
  const std::size_t offset = wire.position();
  const auto handle = wire.take<std::uint32_t>();
  const auto mask = wire.take<std::uint8_t>();
  if ((mask & kNoBit) != 0) return wire.refuse();
  std::optional<double> value = std::numeric_limits<double>::quiet_NaN();
  std::uint8_t kind = kNull;
  if ((mask & kHasValue) != 0) {
    const auto variant = wire.take<std::uint8_t>();
    if (variant > kDouble) {
      value.reset();
      wire.skip_variant(variant, 0);
    } else if (variant != kNull) {
      kind = variant;
      value = number(wire, variant);
    }
  }
  const std::uint32_t status = (mask & kHasStatus) != 0 ? wire.take<std::uint32_t>() : 0;
  std::optional<std::int64_t> source, server;
  if ((mask & kHasSourceTime) != 0) source = to_ns(wire.take<std::int64_t>());
  if ((mask & kHasSourcePicoseconds) != 0) wire.skip(2);
  if ((mask & kHasServerTime) != 0) server = to_ns(wire.take<std::int64_t>());
  if ((mask & kHasServerPicoseconds) != 0) wire.skip(2);
  if (!wire.ok()) return;
  if (!value) {
    out.skipped.push_back({out.handle.size(), offset, wire.position() - offset});
    return;
  }
  out.handle.push_back(handle);
  out.value.push_back(*value);
  out.status.push_back(status);
  out.source_ns.push_back(source ? *source : server.value_or(receive_ns));
  out.kind.push_back(kind);
}

void take_data_change(Wire& wire, std::int64_t receive_ns, Publish& out) {
  if (!is_type(wire, kDataChange) || wire.take<std::uint8_t>() != 1) return wire.refuse();
  const auto size = wire.take<std::int32_t>();
  const std::size_t begin = wire.position();
  if (size < 0 || static_cast<std::size_t>(size) > wire.left()) return wire.refuse();
  const std::uint32_t count = wire.length();
  // no more is set aside than the bytes can hold, whatever the count says
  const std::size_t room = out.handle.size() + std::min<std::size_t>(count, wire.left() / kLeastItem);
  out.handle.reserve(room);
  out.value.reserve(room);
  out.status.reserve(room);
  out.source_ns.reserve(room);
  out.kind.reserve(room);
  for (std::uint32_t n = 0; n < count && wire.ok(); ++n) take_item(wire, receive_ns, out);
  if (wire.length() != 0) return wire.refuse();  // diagnostics
  if (wire.position() - begin != static_cast<std::size_t>(size)) wire.refuse();
}

void skip_response_header(Wire& wire) {
  wire.skip(8 + 4);                                    // time, request handle
  if (wire.take<std::uint32_t>() != 0) wire.refuse();  // result of the service
  if (wire.take<std::uint8_t>() != 0) wire.refuse();   // diagnostics
  if (wire.length() != 0) wire.refuse();               // their texts
  wire.skip_node_id();                                 // additional header
  if (wire.take<std::uint8_t>() != 0) wire.refuse();
}

}  // namespace

bool decode_publish(std::span<const std::byte> body, std::int64_t receive_ns, Publish& out) {
  Wire wire(body);
  if (!is_type(wire, kPublishResponse)) return false;
  skip_response_header(wire);
  out.subscription = wire.take<std::uint32_t>();
  wire.skip(std::uint64_t{4} * wire.length());  // available sequence numbers
  wire.skip(1);                                 // whether more is waiting
  out.sequence = wire.take<std::uint32_t>();
  wire.skip(8);  // time of publishing
  const std::uint32_t notifications = wire.length();
  out.is_keepalive = notifications == 0;
  for (std::uint32_t n = 0; n < notifications && wire.ok(); ++n) take_data_change(wire, receive_ns, out);
  wire.skip(std::uint64_t{4} * wire.length());  // results of the acknowledgements
  if (wire.length() != 0) wire.refuse();        // their diagnostics
  return wire.ok() && wire.left() == 0;
}

}  // namespace haihe::opcua
