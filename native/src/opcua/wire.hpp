// Reading of the binary encoding, within the bytes that there are.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace haihe::opcua {

static_assert(std::endian::native == std::endian::little,
              "the encoding is little-endian, and copied as it is");

/// @brief A position in bytes. Once anything was read beyond the end, or refused, everything is zero and ok()
/// is false for good; so it need be asked only now and then.
class Wire {
 public:
  explicit Wire(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t left() const { return ok_ ? bytes_.size() - position_ : 0; }
  void refuse() { ok_ = false; }

  template <typename T>
  T take() {
    T value{};
    if (left() < sizeof(T)) {
      refuse();
      return value;
    }
    std::memcpy(&value, bytes_.data() + position_, sizeof(T));
    position_ += sizeof(T);
    return value;
  }

  void skip(std::uint64_t size) {
    if (left() < size) return refuse();
    position_ += static_cast<std::size_t>(size);
  }

  /// @brief The length of an array or a string; none (-1) is 0.
  std::uint32_t length() {
    const auto count = take<std::int32_t>();
    if (count < -1) refuse();
    return ok_ && count > 0 ? static_cast<std::uint32_t>(count) : 0;
  }

  void skip_string() { skip(length()); }
  void skip_node_id();
  /// @brief Skips a value of a type, also of a type that is not decoded.
  void skip_scalar(std::uint8_t type, int depth);
  /// @brief Skips what follows a Variant's mask: a value or an array, and its dimensions.
  void skip_variant(std::uint8_t mask, int depth);
  void skip_data_value(int depth);

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

inline constexpr std::uint8_t kTypeBits = 0x3F, kDimensions = 0x40, kArray = 0x80;
enum DataValueBit : std::uint8_t {
  kHasValue = 0x01,
  kHasStatus = 0x02,
  kHasSourceTime = 0x04,
  kHasServerTime = 0x08,
  kHasSourcePicoseconds = 0x10,
  kHasServerPicoseconds = 0x20,
  kNoBit = 0xC0
};
inline constexpr int kDeepest = 16;  // Variants and DataValues within one another

}  // namespace haihe::opcua
