// The rows of an envelope while they are made, and the loops that everything read for them goes through.
#pragma once

#include <algorithm>
#include <limits>

#include "haihe/trend/reader.hpp"

namespace haihe::trend {

/// @brief What is merged so far. Minimum above maximum: only gaps.
struct Row {
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  double last = kNaN;
  std::uint64_t count = 0;
  std::uint32_t status = 0;

  // In both loops the extremes are in registers, and a NaN loses each comparison, so that it changes nothing.

  /// @brief Merges buckets of so many samples each.
  void add(const Bucket* item, const Bucket* stop, std::uint64_t samples) {
    if (item == stop) return;
    if (count == 0) first_ns = load(item->first_ns);
    count += samples * static_cast<std::uint64_t>(stop - item);
    double low = minimum, high = maximum;
    std::uint32_t worst = status;
    for (; item != stop; ++item) {
      const double down = load(item->minimum), up = load(item->maximum);
      low = down < low ? down : low;
      high = up > high ? up : high;
      worst = std::max(worst, load(item->status));
    }
    last_ns = load(item[-1].last_ns);
    last = load(item[-1].last);
    minimum = low, maximum = high, status = worst;
  }

  /// @brief Merges a bucket, and those after it that end before the border. @return the first that does not
  const Bucket* add_run(const Bucket* item, const Bucket* stop, std::int64_t border, std::uint64_t samples) {
    const Bucket* const begin = item;
    double low = minimum, high = maximum;
    std::uint32_t worst = status;
    do {
      const double down = load(item->minimum), up = load(item->maximum);
      low = down < low ? down : low;
      high = up > high ? up : high;
      worst = std::max(worst, load(item->status));
    } while (++item != stop && load(item->last_ns) < border);
    if (count == 0) first_ns = load(begin->first_ns);
    count += samples * static_cast<std::uint64_t>(item - begin);
    last_ns = load(item[-1].last_ns);
    last = load(item[-1].last);
    minimum = low, maximum = high, status = worst;
    return item;
  }

  /// @brief Merges samples up to the first that is not before `border`. @return that one, or `stop`
  std::uint64_t add(const RawRing& ring, std::uint64_t position, std::uint64_t stop, std::int64_t border) {
    const std::uint64_t begin = position;
    double low = minimum, high = maximum, value = kNaN;
    std::uint32_t worst = status;
    std::int64_t time = 0;
    for (; position != stop; ++position) {
      const std::int64_t next = ring.t_ns(position);
      if (next >= border) break;
      time = next;
      const std::uint32_t code = code_of(ring.word(position));
      value = ring.value(position);
      value = is_gap(value, code) ? kNaN : value;
      low = value < low ? value : low;
      high = value > high ? value : high;
      worst = std::max(worst, code);
    }
    if (position == begin) return position;
    if (count == 0) first_ns = ring.t_ns(begin);
    count += position - begin;
    last_ns = time;
    last = value;
    minimum = low, maximum = high, status = worst;
    return position;
  }
};

/// @brief The arrays of an envelope, written from front to back. One row more, the sample before the window,
/// may be put in front of the others at the end.
class Rows {
 public:
  /// @param most rows at most; what would be more is dropped (it cannot be, but for damaged content)
  explicit Rows(std::uint64_t most) : room_(most + 1) {
    constexpr std::size_t kBytes = 6 * sizeof(std::uint64_t) + sizeof(std::uint32_t);
    memory_ = std::shared_ptr<std::byte[]>(new std::byte[room_ * kBytes]);  // not zeroed
    first_ns_ = reinterpret_cast<std::int64_t*>(memory_.get());
    last_ns_ = first_ns_ + room_;
    minimum_ = reinterpret_cast<double*>(last_ns_ + room_);
    maximum_ = minimum_ + room_;
    last_ = maximum_ + room_;
    count_ = reinterpret_cast<std::uint64_t*>(last_ + room_);
    status_ = reinterpret_cast<std::uint32_t*>(count_ + room_);
  }

  /// @brief Appends the row and makes it empty, unless it is.
  void flush(Row& row) {
    if (row.count == 0) return;
    if (end_ < room_) put(end_++, row);
    row = Row{};
  }

  void put_before(Row& row) {
    if (row.count == 0) return;
    put(begin_ = 0, row);
    row = Row{};
  }

  [[nodiscard]] Envelope envelope(bool is_raw) const {
    const std::size_t count = end_ - begin_;
    const auto part = [&](auto* values) { return std::span(values + begin_, count); };
    return {memory_,     part(first_ns_), part(last_ns_), part(minimum_), part(maximum_),
            part(last_), part(count_),    part(status_),  is_raw};
  }

 private:
  void put(std::uint64_t at, const Row& row) {
    const bool gaps = row.minimum > row.maximum;
    first_ns_[at] = row.first_ns;
    last_ns_[at] = row.last_ns;
    minimum_[at] = gaps ? kNaN : row.minimum;
    maximum_[at] = gaps ? kNaN : row.maximum;
    last_[at] = row.last;
    count_[at] = row.count;
    status_[at] = row.status;
  }

  std::uint64_t room_;
  std::uint64_t begin_ = 1, end_ = 1;
  std::shared_ptr<std::byte[]> memory_;
  std::int64_t* first_ns_;
  std::int64_t* last_ns_;
  double* minimum_;
  double* maximum_;
  double* last_;
  std::uint64_t* count_;
  std::uint32_t* status_;
};

}  // namespace haihe::trend
