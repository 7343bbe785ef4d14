// One consistent look at the rings of a slot: read, then ask whether the writer lapped what was read.
#pragma once

#include <algorithm>
#include <array>

#include "haihe/trend/errors.hpp"
#include "haihe/trend/layout.hpp"

namespace haihe::trend {

class Snapshot {
 public:
  /// @param margin items at the old end of every level to leave alone, because the writer is near them; never
  /// more than half the ring, so that the open tail of a level, which no coarser one covers, stays in
  Snapshot(const Rings& rings, const LiveRecord& live, std::uint64_t margin)
      : rings_(rings), live_(live), head_(load(live.head, std::memory_order_acquire)) {
    for (std::uint32_t level = 0; level < rings.level_count; ++level) {
      closed_[level] = closed(level, head_);
      const std::uint64_t floor = floor_of(level, head_, rings.capacity[level]);
      floor_[level] = floor == 0 ? 0 : floor + std::min<std::uint64_t>(margin, rings.capacity[level] / 2);
      lowest_[level] = ~std::uint64_t{0};
      lap_[level] = closed_[level] - closed_[level] % rings.capacity[level];
    }
  }

  [[nodiscard]] std::uint64_t head() const { return head_; }
  [[nodiscard]] std::uint32_t coarsest() const { return rings_.level_count - 1; }
  [[nodiscard]] std::uint64_t floor(std::uint32_t level) const { return floor_[level]; }
  [[nodiscard]] std::uint64_t end(std::uint32_t level) const { return closed_[level]; }

  /// @brief First item of a level that no coarser level covers.
  [[nodiscard]] std::uint64_t begin(std::uint32_t level) const {
    if (level == coarsest()) return floor_[level];
    return std::max(closed_[level + 1] << child_bits(level + 1), floor_[level]);
  }

  /// @brief First item of a level whose children are all there; not after the last. @pre level > 0
  [[nodiscard]] std::uint64_t first_with_children(std::uint32_t level) const {
    const std::uint64_t last_child = (std::uint64_t{1} << child_bits(level)) - 1;
    return std::min((floor_[level - 1] + last_child) >> child_bits(level), closed_[level]);
  }

  /// @brief Items of all levels: no query has more rows.
  [[nodiscard]] std::uint64_t items() const {
    std::uint64_t sum = 0;
    for (std::uint32_t level = 0; level < rings_.level_count; ++level) sum += closed_[level] - floor_[level];
    return sum;
  }

  [[nodiscard]] bool can_descend(std::uint32_t level, std::uint64_t index) const {
    return level > 0 && (index << child_bits(level)) >= floor_[level - 1];
  }

  [[nodiscard]] const RawRing& raw() const { return rings_.raw; }
  [[nodiscard]] RawSample sample(std::uint64_t index) const { return rings_.raw.get(position(0, index)); }
  const Bucket& bucket(std::uint32_t level, std::uint64_t index) const {
    return rings_.buckets[level][position(level, index)];
  }

  /// @brief Where an item is in its ring: index modulo capacity, without a division.
  [[nodiscard]] std::uint64_t position(std::uint32_t level, std::uint64_t index) const {
    return index >= lap_[level] ? index - lap_[level] : index + rings_.capacity[level] - lap_[level];
  }

  /// @brief How many items from `index` on lie next to one another in the ring, up to `end`.
  [[nodiscard]] std::uint64_t together(std::uint32_t level, std::uint64_t index, std::uint64_t end) const {
    return std::min(end - index, rings_.capacity[level] - position(level, index));
  }

  [[nodiscard]] std::int64_t first_ns(std::uint32_t level, std::uint64_t index) const {
    return level == 0 ? rings_.raw.t_ns(position(0, index)) : load(bucket(level, index).first_ns);
  }
  [[nodiscard]] std::int64_t last_ns(std::uint32_t level, std::uint64_t index) const {
    return level == 0 ? rings_.raw.t_ns(position(0, index)) : load(bucket(level, index).last_ns);
  }

  /// @brief Says that items from `index` on will be read; validate() checks them.
  void touch(std::uint32_t level, std::uint64_t index) { lowest_[level] = std::min(lowest_[level], index); }

  /// @brief First item in [begin, end) whose last time is not before `time`; touches the range.
  std::uint64_t find(std::uint32_t level, std::uint64_t begin, std::uint64_t end, std::int64_t time) {
    touch(level, begin);
    while (begin < end) {
      const std::uint64_t middle = begin + (end - begin) / 2;
      if (last_ns(level, middle) < time) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  }

  /// @brief Whether everything touched was whole while it was read.
  [[nodiscard]] bool validate() const {
    std::atomic_thread_fence(std::memory_order_acquire);  // the reads above happen before the check below
    const std::uint64_t reserve = load(live_.reserve);
    for (std::uint32_t level = 0; level < rings_.level_count; ++level) {
      if (lowest_[level] < ~std::uint64_t{0} &&
          lowest_[level] + rings_.capacity[level] < closed(level, std::max(reserve, head_))) {
        return false;
      }
    }
    return true;
  }

 private:
  const Rings& rings_;
  const LiveRecord& live_;
  std::uint64_t head_;
  std::array<std::uint64_t, kMaxLevels> closed_{};
  std::array<std::uint64_t, kMaxLevels> floor_{};
  std::array<std::uint64_t, kMaxLevels> lowest_{};
  std::array<std::uint64_t, kMaxLevels> lap_{};
};

/// @brief Runs `query(snapshot)` until its result was not lapped, keeping further from the writer each time.
template <typename Query>
auto consistent(const View& view, std::uint32_t slot, const Query& query) {
  for (std::uint32_t attempt = 0; attempt < 16; ++attempt) {
    Snapshot snapshot(view.rings[slot], view.live[slot], attempt == 0 ? 0 : std::uint64_t{16} << attempt);
    auto result = query(snapshot);
    if (snapshot.validate()) return result;
  }
  throw StoreProblem("the ring is overwritten faster than it can be read");
}

}  // namespace haihe::trend
