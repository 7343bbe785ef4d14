#include "wire.hpp"

#include <array>

namespace haihe::opcua {
namespace {

// Size of a value by its type; 0: it is not the same for all.
constexpr std::array<std::uint8_t, 26> kSizes = {0, 1,  1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 0,
                                                 8, 16, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0};

}  // namespace

void Wire::skip_node_id() {
  const auto mask = take<std::uint8_t>();
  switch (mask & kTypeBits) {
    case 0:
      skip(1);
      break;
    case 1:
      skip(3);
      break;
    case 2:
      skip(6);
      break;
    case 3:
    case 5:
      skip(2);
      skip_string();
      break;
    case 4:
      skip(18);
      break;
    default:
      refuse();
  }
  if ((mask & 0x80) != 0) skip_string();  // namespace URI
  if ((mask & 0x40) != 0) skip(4);        // server index
}

void Wire::skip_scalar(std::uint8_t type, int depth) {
  if (type >= kSizes.size()) return refuse();
  if (type == 0) return;
  if (kSizes[type] != 0) return skip(kSizes[type]);
  switch (type) {
    case 12:  // String
    case 15:  // ByteString
    case 16:  // XmlElement
      skip_string();
      break;
    case 17:  // NodeId
    case 18:  // ExpandedNodeId
      skip_node_id();
      break;
    case 20:  // QualifiedName
      skip(2);
      skip_string();
      break;
    case 21: {  // LocalizedText
      const auto mask = take<std::uint8_t>();
      if (mask > 3) return refuse();
      if ((mask & 1) != 0) skip_string();
      if ((mask & 2) != 0) skip_string();
      break;
    }
    case 22: {  // ExtensionObject: old servers leave the length out (-1), and then only its type tells where
                // it ends
      skip_node_id();
      const auto encoding = take<std::uint8_t>();
      if (encoding > 1) return refuse();
      if (encoding == 1) {
        const auto size = take<std::int32_t>();
        if (size < 0) return refuse();
        skip(static_cast<std::uint64_t>(size));
      }
      break;
    }
    case 23:
      skip_data_value(depth + 1);
      break;
    case 24: {
      const auto mask = take<std::uint8_t>();
      skip_variant(mask, depth + 1);
      break;
    }
    default:
      refuse();  // DiagnosticInfo
  }
}

void Wire::skip_variant(std::uint8_t mask, int depth) {
  const auto type = static_cast<std::uint8_t>(mask & kTypeBits);
  if (depth > kDeepest || type >= kSizes.size()) return refuse();
  if ((mask & kArray) == 0) {
    if ((mask & kDimensions) != 0) return refuse();
    return skip_scalar(type, depth);
  }
  const std::uint64_t count = length();
  if (kSizes[type] != 0) {
    skip(count * kSizes[type]);
  } else if (type == 0) {
    if (count != 0) refuse();  // would take no bytes however long it is
  } else {
    for (std::uint64_t n = 0; n < count && ok_; ++n) skip_scalar(type, depth);
  }
  if ((mask & kDimensions) != 0) skip(std::uint64_t{4} * length());
}

void Wire::skip_data_value(int depth) {
  const auto mask = take<std::uint8_t>();
  if (depth > kDeepest || (mask & kNoBit) != 0) return refuse();
  if ((mask & kHasValue) != 0) {
    const auto variant = take<std::uint8_t>();
    skip_variant(variant, depth);
  }
  if ((mask & kHasStatus) != 0) skip(4);
  if ((mask & kHasSourceTime) != 0) skip(8);
  if ((mask & kHasSourcePicoseconds) != 0) skip(2);
  if ((mask & kHasServerTime) != 0) skip(8);
  if ((mask & kHasServerPicoseconds) != 0) skip(2);
}

}  // namespace haihe::opcua
