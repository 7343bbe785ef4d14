#include "bucket.hpp"

#include <algorithm>
#include <limits>

namespace haihe::trend {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A NaN loses each comparison, so that it changes nothing.
inline void widen(Bucket& into, double low, double high) {
  into.minimum = low < into.minimum ? low : into.minimum;
  into.maximum = high > into.maximum ? high : into.maximum;
}

inline void finish(Bucket& sum) {
  if (sum.minimum > sum.maximum) sum.minimum = sum.maximum = kNaN;
}

Bucket of_samples(const Rings& rings, std::uint64_t first) {
  const std::uint32_t capacity = rings.capacity[0];
  std::uint64_t position = first % capacity;
  RawSample item = rings.raw.get(position);
  Bucket sum{item.t_ns, 0, kInfinity, -kInfinity, kNaN, 0, 0, kSampleFanOut, 0};
  for (std::uint32_t i = 0; i < kSampleFanOut; ++i) {
    position = position + 1 == capacity ? 0 : position + 1;
    const RawSample next = rings.raw.get(position);
    const std::int64_t held = minus(next.t_ns, item.t_ns);
    sum.status = std::max(sum.status, item.status);
    sum.last_ns = item.t_ns;
    sum.last = kNaN;
    if (!is_gap(item.value, item.status)) {
      widen(sum, item.value, item.value);
      sum.last = item.value;
      sum.area += item.value * (static_cast<double>(held) * 1e-9);
      sum.good_ns = plus(sum.good_ns, held);
    }
    item = next;
  }
  finish(sum);
  return sum;
}

// `sum` begins zeroed.
inline void join(Bucket& sum, const Bucket& item) {
  if (sum.count == 0) sum = {item.first_ns, 0, kInfinity, -kInfinity, kNaN, 0, 0, 0, 0};
  widen(sum, item.minimum, item.maximum);
  sum.status = std::max(sum.status, item.status);
  sum.last_ns = item.last_ns;
  sum.last = item.last;
  sum.area += item.area;
  sum.good_ns = plus(sum.good_ns, item.good_ns);
  sum.count += item.count;
}

Bucket of_buckets(const Rings& rings, std::uint32_t level, std::uint64_t first) {
  Bucket sum{};
  for (std::uint32_t i = 0; i < kBucketFanOut; ++i) join(sum, rings.bucket(level, first + i));
  finish(sum);
  return sum;
}

void put(Bucket& into, const Bucket& sum) {
  store(into.first_ns, sum.first_ns);
  store(into.last_ns, sum.last_ns);
  store(into.minimum, sum.minimum);
  store(into.maximum, sum.maximum);
  store(into.last, sum.last);
  store(into.area, sum.area);
  store(into.good_ns, sum.good_ns);
  store(into.count, sum.count);
  store(into.status, sum.status);
}

}  // namespace

void close_bucket(const Rings& rings, std::uint32_t level, std::uint64_t index) {
  const std::uint64_t child = index << child_bits(level);
  put(rings.bucket(level, index),
      level == 1 ? of_samples(rings, child) : of_buckets(rings, level - 1, child));
}

void close_buckets(const Rings& rings, std::uint64_t index) {
  for (std::uint32_t level = 1; level < rings.level_count; ++level) {
    if ((index & ((std::uint64_t{1} << level_bits(level)) - 1)) != 0) return;
    close_bucket(rings, level, (index >> level_bits(level)) - 1);
  }
}

}  // namespace haihe::trend
