// How the numbers of a checkpoint are written and read. Reading trusts nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "haihe/trend/errors.hpp"

namespace haihe::trend {

/// @brief Checksum of bytes that come in pieces; guards against damage, not against malice.
class Checksum {
 public:
  void add(const char* data, std::size_t bytes) {
    std::uint64_t word = 0;
    for (; bytes >= 8; data += 8, bytes -= 8) {
      std::memcpy(&word, data, 8);
      mix(word);
    }
    if (bytes == 0) return;
    word = bytes;
    std::memcpy(reinterpret_cast<char*>(&word) + 1, data, bytes);
    mix(word);
  }
  [[nodiscard]] std::uint64_t value() const { return sum_; }

 private:
  void mix(std::uint64_t word) {
    sum_ = (sum_ ^ word) * 0x100000001B3ULL;
    sum_ ^= sum_ >> 29;
  }
  std::uint64_t sum_ = 0xCBF29CE484222325ULL;
};

class Encoder {
 public:
  template <typename T>
  void put(T value) {
    const auto* at = reinterpret_cast<const char*>(&value);
    bytes_.append(at, sizeof value);
  }
  void text(std::string_view value) {
    put(static_cast<std::uint8_t>(value.size()));
    bytes_.append(value);
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) put(static_cast<std::uint8_t>(value | 0x80));
    put(static_cast<std::uint8_t>(value));
  }
  void zigzag(std::int64_t value) {
    varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T get() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(get<std::uint8_t>()); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = get<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    throw DamagedFile("a number without end");
  }
  std::uint64_t zigzag() {
    const std::uint64_t value = varint();
    return value >> 1 ^ (~(value & 1) + 1);
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) throw DamagedFile("ends too early");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  std::string_view bytes_;
};

}  // namespace haihe::trend
