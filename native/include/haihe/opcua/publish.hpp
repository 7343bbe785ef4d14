// The body of a PublishResponse (OPC UA Part 6, binary) to columns of numbers. What is no plain number in a
// data change is named, not understood: its bytes are left to a decoder that knows every type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace haihe::opcua {

/// @brief Type of a Variant by its number in the encoding; only these are decoded.
enum Kind : std::uint8_t {
  kNull = 0,  // no value, or the null Variant: the row's value is NaN
  kBoolean = 1,
  kSByte = 2,
  kByte = 3,
  kInt16 = 4,
  kUInt16 = 5,
  kInt32 = 6,
  kUInt32 = 7,
  kInt64 = 8,   // within 2^53, else skipped
  kUInt64 = 9,  // within 2^53, else skipped
  kFloat = 10,
  kDouble = 11
};

/// @brief A monitored item that is no plain number: text, an array, a date, a structure, a great integer.
struct Skipped {
  std::size_t row;     // rows of the columns that came before it
  std::size_t offset;  // of its MonitoredItemNotification in the body, bytes
  std::size_t size;
};

/// @brief What a PublishResponse says. The columns are of one length, in the order of the message.
struct Publish {
  std::uint32_t subscription = 0;
  std::uint32_t sequence = 0;
  bool is_keepalive = true;  // no notification in it
  std::vector<std::uint32_t> handle;
  std::vector<double> value;
  std::vector<std::uint32_t> status;
  std::vector<std::int64_t> source_ns;  // since the epoch, UTC, in whole microseconds
  std::vector<std::uint8_t> kind;
  std::vector<Skipped> skipped;
};

/// @brief Decodes a PublishResponse, from its type id on.
/// @param receive_ns stands where an item has neither a source time nor a server time that is one.
/// @return false when the message is not ours: events, a status change, diagnostics, an encoding that is not
/// known here, or bytes that are no whole message; `out` means nothing then.
bool decode_publish(std::span<const std::byte> body, std::int64_t receive_ns, Publish& out);

}  // namespace haihe::opcua
