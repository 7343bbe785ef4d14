#include <algorithm>
#include <optional>
#include <stdexcept>

#include "haihe/trend/reader.hpp"
#include "snapshot.hpp"

namespace haihe::trend {
namespace {

constexpr std::uint32_t kRowsReserved = 4096;  // more than a screen has columns

struct Node {
  std::uint32_t level;
  std::uint64_t index;
};

// Integer borders, so that every platform puts a sample into the same column.
class Columns {
 public:
  Columns(std::int64_t start, std::int64_t end, std::uint32_t count)
      : start_(start),
        span_(static_cast<std::uint64_t>(end - start)),
        count_(count),
        width_(span_ / count),
        rest_(span_ % count),
        scale_(count / (static_cast<double>(span_) + 1.0)) {}

  [[nodiscard]] std::int64_t border(std::uint32_t column) const {
    if (column >= count_) return start_ + static_cast<std::int64_t>(span_) + 1;
    // span * column / count without overflow
    return start_ + static_cast<std::int64_t>(width_ * column + rest_ * column / count_);
  }
  [[nodiscard]] std::uint32_t of(std::int64_t time) const {
    time = std::max(time, start_);
    const double guess = static_cast<double>(time - start_) * scale_;
    auto column = guess >= count_ ? count_ - 1 : static_cast<std::uint32_t>(guess);
    while (column > 0 && time < border(column)) --column;
    while (column + 1 < count_ && time >= border(column + 1)) ++column;
    return column;
  }
  [[nodiscard]] std::int64_t quarter() const { return static_cast<std::int64_t>(width_ / 4); }
  [[nodiscard]] std::int64_t widest() const { return static_cast<std::int64_t>(width_ + 1); }

 private:
  std::int64_t start_;
  std::uint64_t span_;
  std::uint32_t count_;
  std::uint64_t width_;
  std::uint64_t rest_;
  double scale_;
};

class Walk {
 public:
  Walk(Snapshot& rings, std::int64_t start, std::int64_t end, std::uint32_t columns, Envelope& out)
      : rings_(rings),
        start_(start),
        end_(end),
        columns_(start, end, columns),
        quarter_(columns_.quarter()),
        out_(out) {}

  void run() {
    for (std::uint32_t level = rings_.coarsest() + 1; level-- > 0 && !after_;) {
      const std::uint64_t begin = rings_.begin(level);
      const std::uint64_t end = rings_.end(level);
      if (begin >= end) continue;
      const std::uint64_t at = rings_.find(level, begin, end, start_);
      if (at > begin) before_ = Node{level, at - 1};
      if (level == 0) {
        samples(at, end);
      } else {
        buckets(level, at, end);
      }
    }
    flush();
    if (before_) add_outside(*before_, true);
    if (after_) add_outside(*after_, false);
  }

  void add_sample(std::uint64_t index) {
    const RawSample& item = rings_.sample(index);
    const std::int64_t time = load(item.t_ns);
    open(time, time);
    merge(time, load(item.value), load(item.status));
  }

  void flush() {
    if (row_.count != 0) push();
  }

  void add_outside(Node node, bool before) {
    while (rings_.can_descend(node.level, node.index)) {
      rings_.touch(node.level - 1, node.index << kFanOutBits);
      node = {node.level - 1, (node.index << kFanOutBits) + (before ? kFanOut - 1 : 0)};
    }
    if (node.level == 0) {
      add_sample(node.index);
    } else {
      const Bucket& item = rings_.bucket(node.level, node.index);
      open(load(item.first_ns), load(item.last_ns));
      merge(item);
    }
    push();
    if (before) turn();
  }

 private:
  void open(std::int64_t first, std::int64_t last) {
    row_ = Bucket{first, last, kNaN, kNaN, kNaN, 0, 0, 0, 0};
    total_ = 0;
  }

  void push() {
    out_.first_ns.push_back(row_.first_ns);
    out_.last_ns.push_back(row_.last_ns);
    out_.minimum.push_back(row_.minimum);
    out_.maximum.push_back(row_.maximum);
    out_.last.push_back(row_.last);
    out_.status.push_back(row_.status);
    out_.count.push_back(total_);
    row_.count = 0;
  }

  // The row pushed last becomes the first.
  void turn() {
    const auto to_front = [](auto& column) { std::rotate(column.begin(), column.end() - 1, column.end()); };
    to_front(out_.first_ns), to_front(out_.last_ns);
    to_front(out_.minimum), to_front(out_.maximum), to_front(out_.last);
    to_front(out_.status), to_front(out_.count);
  }

  void widen(double low, double high) {
    if (low < row_.minimum || row_.minimum != row_.minimum) row_.minimum = low;
    if (high > row_.maximum || row_.maximum != row_.maximum) row_.maximum = high;
  }

  void merge(std::int64_t time, double value, std::uint32_t status) {
    row_.count = 1;
    ++total_;
    row_.last_ns = time;
    row_.status = std::max(row_.status, status);
    row_.last = kNaN;
    if (is_gap(value, status)) return;
    row_.last = value;
    widen(value, value);
  }

  void merge(const Bucket& item) {
    row_.count = 1;
    total_ += load(item.count);
    row_.last_ns = load(item.last_ns);
    row_.last = load(item.last);
    row_.status = std::max(row_.status, load(item.status));
    widen(load(item.minimum), load(item.maximum));
  }

  // Makes the column of `time` the open row.
  void enter(std::int64_t time) {
    if (row_.count != 0 && time < column_end_) return;
    flush();
    column_ = columns_.of(time);
    column_end_ = columns_.border(column_ + 1);
    open(time, time);
  }

  void samples(std::uint64_t at, std::uint64_t end) {
    for (; at < end; ++at) {
      const RawSample& item = rings_.sample(at);
      const std::int64_t time = load(item.t_ns);
      if (time < start_) {
        before_ = Node{0, at};
        continue;
      }
      if (time > end_) {
        after_ = Node{0, at};
        return;
      }
      enter(time);
      merge(time, load(item.value), load(item.status));
    }
  }

  void buckets(std::uint32_t level, std::uint64_t at, std::uint64_t end) {
    for (; at < end && !after_; ++at) {
      const Bucket& item = rings_.bucket(level, at);
      const std::int64_t first = load(item.first_ns);
      const std::int64_t last = load(item.last_ns);
      if (last < start_) {
        before_ = Node{level, at};
      } else if (first > end_) {
        after_ = Node{level, at};
      } else if (row_.count != 0 && last < column_end_) {
        merge(item);
      } else if (fits(first, last) || !rings_.can_descend(level, at)) {
        enter(first);
        merge(item);
      } else {
        const std::uint64_t child = at << kFanOutBits;
        rings_.touch(level - 1, child);
        if (level == 1) {
          samples(child, child + kFanOut);
        } else {
          buckets(level - 1, child, child + kFanOut);
        }
      }
    }
  }

  // Whole buckets may stand in one column when they lie in it, or reach over its border by a quarter at most.
  [[nodiscard]] bool fits(std::int64_t first, std::int64_t last) const {
    if (last - first <= quarter_) return true;
    if (last - first > columns_.widest()) return false;
    return first >= start_ && last <= end_ && columns_.of(first) == columns_.of(last);
  }

  Snapshot& rings_;
  std::int64_t start_;
  std::int64_t end_;
  Columns columns_;
  std::int64_t quarter_;
  Envelope& out_;
  Bucket row_{};
  std::uint64_t total_ = 0;
  std::uint32_t column_ = 0;
  std::int64_t column_end_ = 0;
  std::optional<Node> before_;
  std::optional<Node> after_;
};

}  // namespace

Envelope Reader::window(std::uint32_t slot, std::int64_t start, std::int64_t end,
                        std::uint32_t columns) const {
  check(slot);
  if (columns == 0 || end < start || start < -kMaxTime || end > kMaxTime) {
    throw std::invalid_argument("a window needs start <= end within 2^62 ns and at least one column");
  }
  return consistent(view_, slot, [&](Snapshot& rings) {
    Envelope out;
    out.reserve(std::min(columns, kRowsReserved) + 2);
    const std::uint64_t floor = rings.floor(0);
    const std::uint64_t stop = rings.end(0);
    const std::uint64_t from = rings.find(0, floor, stop, start);
    const std::uint64_t to = rings.find(0, from, stop, end + 1);
    Walk walk(rings, start, end, columns, out);
    out.is_raw = (floor == 0 || from > floor) && to - from <= columns;
    if (!out.is_raw) {
      walk.run();
      return out;
    }
    for (std::uint64_t at = from > floor ? from - 1 : from; at < std::min(to + 1, stop); ++at) {
      walk.add_sample(at);
      walk.flush();
    }
    return out;
  });
}

}  // namespace haihe::trend
