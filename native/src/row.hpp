// The rows of an envelope while they are made, and the loops that everything read for them goes through.
#pragma once

#include <algorithm>
#include <limits>

#include "haihe/trend/reader.hpp"

namespace haihe::trend {

/// @brief Extremes of buckets, in registers. A NaN loses each comparison, so that it changes nothing.
struct Extremes {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  std::uint32_t worst = 0;

  void add(const Bucket& item) {
    const double down = load(item.minimum), up = load(item.maximum);
    low = down < low ? down : low;
    high = up > high ? up : high;
    worst = std::max(worst, load(item.status));
  }
};

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

  /// @brief Makes these buckets the row.
  void set(const Bucket* item, const Bucket* stop, std::uint64_t samples, const Extremes& found) {
    first_ns = load(item->first_ns);
    last_ns = load(stop[-1].last_ns);
    minimum = found.low, maximum = found.high;
    last = load(stop[-1].last);
    count = samples * static_cast<std::uint64_t>(stop - item);
    status = found.worst;
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

/// @brief The arrays of an envelope, which lie at equal distances: in a loop few registers say where they
/// are. A copy of it is in registers while rows are made.
struct RowArrays {
  std::byte* words = nullptr;  // first and last time, minimum, maximum and last value, count
  std::uint32_t* status = nullptr;
  std::uint64_t room = 0;
  std::uint64_t end = 1;

  [[nodiscard]] std::uint64_t left() const { return room - end; }

  /// @brief An array, by its place among those of eight bytes.
  template <typename T>
  [[nodiscard]] T* array(std::uint64_t number) const {
    return reinterpret_cast<T*>(words + number * room * sizeof(T));
  }

  /// @brief Appends a row. What would be too much is dropped (it cannot be, but for damaged content).
  void append(const Row& row) {
    if (end < room) put(end++, row);
  }

  void put(std::uint64_t at, const Row& row) const {
    const bool gaps = row.minimum > row.maximum;
    array<std::int64_t>(0)[at] = row.first_ns;
    array<std::int64_t>(1)[at] = row.last_ns;
    array<double>(2)[at] = gaps ? kNaN : row.minimum;
    array<double>(3)[at] = gaps ? kNaN : row.maximum;
    array<double>(4)[at] = row.last;
    array<std::uint64_t>(5)[at] = row.count;
    status[at] = row.status;
  }
};

/// @brief The arrays of an envelope, written from front to back. One row more, the sample before the window,
/// may be put in front of the others at the end.
class Rows {
 public:
  /// @param most rows at most
  explicit Rows(std::uint64_t most) {
    constexpr std::size_t kBytes = 6 * sizeof(std::uint64_t) + sizeof(std::uint32_t);
    const std::uint64_t room = most + 1;
    memory_ = std::shared_ptr<std::byte[]>(new std::byte[room * kBytes]);  // not zeroed
    arrays_ = {memory_.get(),
               reinterpret_cast<std::uint32_t*>(memory_.get() + 6 * room * sizeof(std::uint64_t)), room};
  }

  /// @brief Appends the row and makes it empty, unless it is.
  void flush(Row& row) {
    if (row.count == 0) return;
    arrays_.append(row);
    row = Row{};
  }

  void put_before(Row& row) {
    if (row.count == 0) return;
    arrays_.put(begin_ = 0, row);
    row = Row{};
  }

  /// @brief The arrays, for a loop that gives them back with set().
  [[nodiscard]] RowArrays arrays() const { return arrays_; }
  void set(const RowArrays& arrays) { arrays_ = arrays; }

  [[nodiscard]] Envelope envelope(bool is_raw) const {
    const std::size_t count = arrays_.end - begin_;
    const auto part = [&](auto* values) { return std::span(values + begin_, count); };
    return {memory_,
            part(arrays_.array<std::int64_t>(0)),
            part(arrays_.array<std::int64_t>(1)),
            part(arrays_.array<double>(2)),
            part(arrays_.array<double>(3)),
            part(arrays_.array<double>(4)),
            part(arrays_.array<std::uint64_t>(5)),
            part(arrays_.status),
            is_raw};
  }

 private:
  std::uint64_t begin_ = 1;
  std::shared_ptr<std::byte[]> memory_;
  RowArrays arrays_;
};

}  // namespace haihe::trend
