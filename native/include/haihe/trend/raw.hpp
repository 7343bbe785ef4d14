// The words of a raw ring; format.hpp says where they are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "haihe/trend/format.hpp"

namespace haihe::trend {

/// @brief Atomic access to a word of the mapped file; tearing and data races cannot happen on it.
template <typename T>
inline T load(const T& word, std::memory_order order = std::memory_order_relaxed) {
  return std::atomic_ref<T>(const_cast<T&>(word)).load(order);
}
#ifndef __SANITIZE_THREAD__
// Relaxed and in one instruction: of a double, atomic_ref makes an integer first. An aligned word does not
// tear; only the thread sanitizer has to be told that it is atomic.
template <>
inline double load(const double& word, std::memory_order) {
  return static_cast<const volatile double&>(word);
}
#endif
template <typename T>
inline void store(T& word, T value, std::memory_order order = std::memory_order_relaxed) {
  std::atomic_ref<T>(word).store(value, order);
}

/// @brief Samples by position, which is index modulo capacity. Does not own the memory.
class RawRing {
 public:
  RawRing() = default;
  explicit RawRing(std::byte* data) : data_(data) {}

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] const std::byte* at(std::uint64_t position) const { return data_ + position * kRawSize; }

  [[nodiscard]] std::int64_t t_ns(std::uint64_t position) const { return load(time(position)); }
  [[nodiscard]] double value(std::uint64_t position) const { return load(real(position)); }
  [[nodiscard]] std::uint32_t word(std::uint64_t position) const { return load(status(position)); }

  [[nodiscard]] RawSample get(std::uint64_t position) const {
    const std::uint32_t both = word(position);
    return {t_ns(position), value(position), code_of(both), kind_of(both)};
  }
  void put(std::uint64_t position, std::int64_t t_ns, double value, std::uint32_t word) const {
    // arithmetic, because of slots in any order no branch can be foretold
    const std::uint64_t odd = position & 1U;
    std::byte* const at = data_ + position * kRawSize;
    store(*reinterpret_cast<std::int64_t*>(at + 4 * odd), t_ns);
    store(*reinterpret_cast<double*>(at + 8 + 4 * odd), value);
    store(*reinterpret_cast<std::uint32_t*>(at + 16 - 16 * odd), word);
  }
  void put(std::uint64_t position, const RawSample& item) const {
    put(position, item.t_ns, item.value, word_of(item.status, item.kind));
  }

 private:
  template <typename T>
  [[nodiscard]] T& field(std::uint64_t position, std::uint64_t even, std::uint64_t odd) const {
    return *reinterpret_cast<T*>(data_ + position * kRawSize + ((position & 1U) != 0 ? odd : even));
  }
  [[nodiscard]] std::int64_t& time(std::uint64_t position) const {
    return field<std::int64_t>(position, 0, 4);
  }
  [[nodiscard]] double& real(std::uint64_t position) const { return field<double>(position, 8, 12); }
  [[nodiscard]] std::uint32_t& status(std::uint64_t position) const {
    return field<std::uint32_t>(position, 16, 0);
  }

  std::byte* data_ = nullptr;
};

}  // namespace haihe::trend
