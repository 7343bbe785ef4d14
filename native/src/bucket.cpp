#include "bucket.hpp"

#include <algorithm>
#include <limits>

namespace haihe::trend {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Items of a ring one after another, with one division at the beginning.
template <typename Item>
class Run {
 public:
  Run(Item* ring, std::uint32_t capacity, std::uint64_t first)
      : ring_(ring), end_(ring + capacity), at_(ring + first % capacity) {}
  const Item& operator*() const { return *at_; }
  void next() { at_ = at_ + 1 == end_ ? ring_ : at_ + 1; }

 private:
  const Item* ring_;
  const Item* end_;
  const Item* at_;
};

// A NaN loses each comparison, so that it changes nothing.
inline void widen(Bucket& into, double low, double high) {
  into.minimum = low < into.minimum ? low : into.minimum;
  into.maximum = high > into.maximum ? high : into.maximum;
}

inline void finish(Bucket& sum) {
  if (sum.minimum > sum.maximum) sum.minimum = sum.maximum = kNaN;
}

Bucket of_samples(const Rings& rings, std::uint64_t first) {
  Run<RawSample> run(rings.raw, rings.capacity[0], first);
  Bucket sum{(*run).t_ns, 0, kInfinity, -kInfinity, kNaN, 0, 0, kFanOut, 0};
  for (std::uint32_t i = 0; i < kFanOut; ++i) {
    const RawSample& item = *run;
    run.next();
    const std::int64_t held = minus((*run).t_ns, item.t_ns);
    sum.status = std::max(sum.status, item.status);
    sum.last_ns = item.t_ns;
    sum.last = kNaN;
    if (is_gap(item.value, item.status)) continue;
    widen(sum, item.value, item.value);
    sum.last = item.value;
    sum.area += item.value * (static_cast<double>(held) * 1e-9);
    sum.good_ns = plus(sum.good_ns, held);
  }
  finish(sum);
  return sum;
}

Bucket of_buckets(const Rings& rings, std::uint32_t level, std::uint64_t first) {
  Run<Bucket> run(rings.buckets[level], rings.capacity[level], first);
  Bucket sum{(*run).first_ns, 0, kInfinity, -kInfinity, kNaN, 0, 0, 0, 0};
  for (std::uint32_t i = 0; i < kFanOut; ++i, run.next()) {
    const Bucket& item = *run;
    widen(sum, item.minimum, item.maximum);
    sum.status = std::max(sum.status, item.status);
    sum.last_ns = item.last_ns;
    sum.last = item.last;
    sum.area += item.area;
    sum.good_ns = plus(sum.good_ns, item.good_ns);
    sum.count += item.count;
  }
  finish(sum);
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

void close_buckets(const Rings& rings, std::uint64_t index) {
  for (std::uint32_t level = 1; level < rings.level_count; ++level) {
    if ((index & ((std::uint64_t{1} << (kFanOutBits * level)) - 1)) != 0) return;
    close_bucket(rings, level, (index >> (kFanOutBits * level)) - 1);
  }
}

}  // namespace haihe::trend
