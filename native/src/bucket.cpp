#include "bucket.hpp"

#include <algorithm>

namespace haihe::trend {
namespace {

inline void widen(Bucket& into, double low, double high) {
  if (!(into.minimum <= low)) into.minimum = low == low ? low : into.minimum;
  if (!(into.maximum >= high)) into.maximum = high == high ? high : into.maximum;
}

Bucket of_samples(const Rings& rings, std::uint64_t first) {
  Bucket sum{};
  sum.minimum = sum.maximum = kNaN;
  sum.first_ns = rings.sample(first).t_ns;
  sum.count = kFanOut;
  for (std::uint64_t i = first; i < first + kFanOut; ++i) {
    const RawSample& item = rings.sample(i);
    sum.status = std::max(sum.status, item.status);
    sum.last_ns = item.t_ns;
    sum.last = kNaN;
    if (is_gap(item.value, item.status)) continue;
    const std::int64_t held = rings.sample(i + 1).t_ns - item.t_ns;
    widen(sum, item.value, item.value);
    sum.last = item.value;
    sum.area += item.value * (static_cast<double>(held) * 1e-9);
    sum.good_ns += held;
  }
  return sum;
}

Bucket of_buckets(const Rings& rings, std::uint32_t level, std::uint64_t first) {
  Bucket sum{};
  sum.minimum = sum.maximum = kNaN;
  sum.first_ns = rings.bucket(level, first).first_ns;
  for (std::uint64_t i = first; i < first + kFanOut; ++i) {
    const Bucket& item = rings.bucket(level, i);
    widen(sum, item.minimum, item.maximum);
    sum.status = std::max(sum.status, item.status);
    sum.last_ns = item.last_ns;
    sum.last = item.last;
    sum.area += item.area;
    sum.good_ns += item.good_ns;
    sum.count += item.count;
  }
  return sum;
}

}  // namespace

void close_bucket(const Rings& rings, std::uint32_t level, std::uint64_t index) {
  const Bucket sum = level == 1 ? of_samples(rings, index << kFanOutBits)
                                : of_buckets(rings, level - 1, index << kFanOutBits);
  Bucket& into = rings.bucket(level, index);
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

}  // namespace haihe::trend
