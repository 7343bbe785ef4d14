// Where everything is in the file: computed for a new store, checked for an existing one.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "haihe/trend/raw.hpp"

namespace haihe::trend {

/// @brief What the caller wants of a slot: its name and the ring capacities, level 0 first.
struct SlotSpec {
  std::string name;
  std::vector<std::uint32_t> capacities;
};

/// @brief Sum and difference of times from the file. They wrap: where the content is damaged, or changes
/// while it is read, any number may be there, and the result is thrown away or without sense, but defined.
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// @brief The rings of one slot.
struct Rings {
  std::uint32_t level_count = 0;
  std::array<std::uint32_t, kMaxLevels> capacity{};
  RawRing raw;
  std::array<Bucket*, kMaxLevels> buckets{};  // [0] unused

  [[nodiscard]] RawSample sample(std::uint64_t index) const { return raw.get(index % capacity[0]); }
  [[nodiscard]] Bucket& bucket(std::uint32_t level, std::uint64_t index) const {
    return buckets[level][index % capacity[level]];
  }
};

/// @brief Typed pointers into a mapped store whose layout was checked. Does not own the memory.
struct View {
  Header* header = nullptr;
  NameEntry* names = nullptr;
  SlotDescriptor* descriptors = nullptr;
  LiveRecord* live = nullptr;
  std::uint64_t* changes = nullptr;
  std::uint64_t* late = nullptr;
  std::uint32_t slot_count = 0;
  std::vector<Rings> rings;  // by slot; copied at opening, so that later damage cannot move a pointer

  [[nodiscard]] std::string_view name(std::uint32_t slot) const {
    return {names[slot].text, names[slot].length};
  }
};

/// @brief Bytes of a slot's rings, rounded up to an odd number of lines: a power of two would make the same
/// ring positions of all slots fall into the same cache sets.
std::uint64_t region_size(const std::uint32_t* capacity, std::uint32_t level_count);

/// @brief Size of the file for these slots. @throws std::invalid_argument for a wrong name or capacity.
std::uint64_t file_size(const std::vector<SlotSpec>& slots);

/// @brief Writes the static part into zeroed memory of file_size() bytes.
void write_layout(std::byte* data, const std::vector<SlotSpec>& slots, std::uint64_t generation,
                  std::int64_t now_ns);

/// @brief Checks everything that pointers are made of. Trusts nothing in the file.
/// @throws DamagedFile with the reason
View check_layout(std::byte* data, std::uint64_t size);

}  // namespace haihe::trend
