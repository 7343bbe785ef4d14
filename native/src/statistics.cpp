#include <stdexcept>

#include "haihe/trend/reader.hpp"
#include "snapshot.hpp"

namespace haihe::trend {
namespace {

constexpr double kSeconds = 1e-9;

class Sum {
 public:
  Sum(Snapshot& rings, std::int64_t start, std::int64_t end, std::int64_t alive_ns)
      : rings_(rings), start_(start), end_(end), alive_ns_(alive_ns) {}

  Statistics run() {
    bool more = true;
    for (std::uint32_t level = rings_.coarsest() + 1; level-- > 0 && more;) {
      const std::uint64_t begin = rings_.begin(level);
      if (begin >= rings_.end(level)) continue;
      const std::uint64_t at = rings_.find(level, begin, rings_.end(level), start_);
      more = add(level, at > begin ? at - 1 : at, rings_.end(level));
    }
    return out_;
  }

 private:
  // Until when the last sample of an item is held: the time of the sample after it, which begins the next
  // item of the coarsest level that has one. The raw ring may have lost that sample long ago.
  [[nodiscard]] std::int64_t held_until(std::uint32_t level, std::uint64_t index) {
    std::uint64_t next = index + 1;
    for (std::uint32_t at = level;; next <<= child_bits(at--)) {
      if (next < rings_.end(at)) {
        rings_.touch(at, next);
        return rings_.first_ns(at, next);
      }
      if (at == 0) return std::max(rings_.last_ns(level, index), alive_ns_);
    }
  }

  bool add(std::uint32_t level, std::uint64_t at, std::uint64_t end) {
    for (; at < end; ++at) {
      const std::int64_t first = rings_.first_ns(level, at);
      if (first > end_) return false;
      const std::int64_t until = held_until(level, at);
      if (until <= start_ && rings_.last_ns(level, at) < start_) continue;
      if (level == 0) {
        add_sample(rings_.sample(at), first, until);
      } else if (first >= start_ && until <= end_) {
        add_bucket(rings_.bucket(level, at), 1.0);
      } else if (rings_.can_descend(level, at)) {
        const std::uint64_t child = at << child_bits(level);
        rings_.touch(level - 1, child);
        if (!add(level - 1, child, (at + 1) << child_bits(level))) return false;
      } else {
        out_.exact = false;
        const std::int64_t inside = minus(std::min(until, end_), std::max(first, start_));
        const double length = static_cast<double>(minus(until, first));
        add_bucket(rings_.bucket(level, at),
                   length > 0 ? std::clamp(static_cast<double>(inside) / length, 0.0, 1.0) : 1.0);
      }
    }
    return true;
  }

  void add_sample(const RawSample& item, std::int64_t time, std::int64_t until) {
    const bool inside = time >= start_;
    const std::int64_t held = minus(std::min(until, end_), std::max(time, start_));
    out_.count += inside ? 1 : 0;
    const double value = item.value;
    if (is_gap(value, item.status) || !(inside || held > 0)) return;
    widen(value, value);
    if (held <= 0) return;
    out_.area += value * (static_cast<double>(held) * kSeconds);
    out_.good_ns = plus(out_.good_ns, held);
  }

  void add_bucket(const Bucket& item, double part) {
    widen(load(item.minimum), load(item.maximum));
    out_.area += load(item.area) * part;
    const std::int64_t good = load(item.good_ns);
    const bool whole = part == 1.0 || good < 0 || good > kMaxTime;
    out_.good_ns =
        plus(out_.good_ns, whole ? good : static_cast<std::int64_t>(static_cast<double>(good) * part));
    const std::uint32_t count = load(item.count);
    out_.count += part == 1.0 ? count : static_cast<std::uint64_t>(count * part);
  }

  void widen(double low, double high) {
    if (low < out_.minimum || out_.minimum != out_.minimum) out_.minimum = low;
    if (high > out_.maximum || out_.maximum != out_.maximum) out_.maximum = high;
  }

  Snapshot& rings_;
  std::int64_t start_;
  std::int64_t end_;
  std::int64_t alive_ns_;
  Statistics out_;
};

}  // namespace

Statistics Reader::statistics(std::uint32_t slot, std::int64_t start, std::int64_t end) const {
  check(slot);
  if (end < start || start < -kMaxTime || end > kMaxTime) {
    throw std::invalid_argument("statistics need start <= end within 2^62 ns");
  }
  const std::int64_t alive_ns = load(view_.header->heartbeat_ns);
  return consistent(view_, slot, [&](Snapshot& rings) { return Sum(rings, start, end, alive_ns).run(); });
}

}  // namespace haihe::trend
