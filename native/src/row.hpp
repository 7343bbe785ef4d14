// One row of an envelope while it is made, and the loops that everything read for it goes through.
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
};

// In both loops the extremes are in registers, and a NaN loses each comparison, so that it changes nothing.

/// @brief Merges buckets up to the first that reaches to `border`. @return that one, or `stop`
inline const Bucket* merge(const Bucket* item, const Bucket* stop, std::int64_t border, Row& row) {
  const Bucket* const begin = item;
  double minimum = row.minimum, maximum = row.maximum;
  std::uint64_t count = row.count;
  std::uint32_t status = row.status;
  for (; item != stop && load(item->last_ns) < border; ++item) {
    const double low = load(item->minimum), high = load(item->maximum);
    minimum = low < minimum ? low : minimum;
    maximum = high > maximum ? high : maximum;
    count += load(item->count);
    status = std::max(status, load(item->status));
  }
  if (item == begin) return item;
  if (row.count == 0) row.first_ns = load(begin->first_ns);
  row.last_ns = load(item[-1].last_ns);
  row.last = load(item[-1].last);
  row.minimum = minimum;
  row.maximum = maximum;
  row.count = count;
  row.status = status;
  return item;
}

/// @brief Merges samples up to the first that is not before `border`. @return that one, or `stop`
inline const RawSample* merge(const RawSample* item, const RawSample* stop, std::int64_t border, Row& row) {
  const RawSample* const begin = item;
  double minimum = row.minimum, maximum = row.maximum, value = kNaN;
  std::uint32_t status = row.status;
  std::int64_t time = 0;
  for (; item != stop; ++item) {
    const std::int64_t next = load(item->t_ns);
    if (next >= border) break;
    time = next;
    const std::uint32_t code = load(item->status);
    value = load(item->value);
    value = is_gap(value, code) ? kNaN : value;
    minimum = value < minimum ? value : minimum;
    maximum = value > maximum ? value : maximum;
    status = std::max(status, code);
  }
  if (item == begin) return item;
  if (row.count == 0) row.first_ns = load(begin->t_ns);
  row.last_ns = time;
  row.last = value;
  row.minimum = minimum;
  row.maximum = maximum;
  row.count += static_cast<std::uint64_t>(item - begin);
  row.status = status;
  return item;
}

}  // namespace haihe::trend
