#include <algorithm>
#include <optional>
#include <stdexcept>

#include "columns.hpp"
#include "haihe/trend/reader.hpp"
#include "row.hpp"
#include "snapshot.hpp"

namespace haihe::trend {
namespace {

constexpr std::uint32_t kRowsReserved = 4096;  // more than a screen has columns

struct Node {
  std::uint32_t level;
  std::uint64_t index;
};

// One pass over the items of a window, from the coarsest level that covers each part of it down to the level
// at which the borders of the columns are met.
class Walk {
 public:
  Walk(Snapshot& rings, std::int64_t start, std::int64_t end, const Columns& columns, bool exact,
       Envelope& out)
      : rings_(rings),
        start_(start),
        end_(end),
        columns_(columns),
        quarter_(exact ? 0 : columns.quarter()),
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

  /// @brief One row for this sample alone.
  void add_sample(std::uint64_t index) {
    const RawSample* item = &rings_.sample(index);
    merge(item, item + 1, kMaxTime + 1, row_);
    flush();
  }

 private:
  void flush() {
    if (row_.count == 0) return;
    out_.push(row_);
    row_ = Row{};
  }

  void add_outside(Node node, bool before) {
    while (rings_.can_descend(node.level, node.index)) {
      rings_.touch(node.level - 1, node.index << kFanOutBits);
      node = {node.level - 1, (node.index << kFanOutBits) + (before ? kFanOut - 1 : 0)};
    }
    // an absurd time (damaged, or torn and thrown away later) makes no row
    const std::size_t rows = out_.count.size();
    if (node.level == 0) {
      add_sample(node.index);
    } else {
      const Bucket* item = &rings_.bucket(node.level, node.index);
      merge(item, item + 1, kMaxTime + 1, row_);
      flush();
    }
    if (before && out_.count.size() > rows) out_.turn();
  }

  // Ends the open row where the item does not belong to its column any more.
  void enter(std::int64_t time) {
    if (time < columns_.end()) return;
    flush();
    columns_.enter(time);
  }

  void samples(std::uint64_t at, std::uint64_t end) {
    while (at < end) {
      const std::int64_t time = rings_.first_ns(0, at);
      if (time < start_) {
        before_ = Node{0, at++};
        continue;
      }
      if (time > end_) {
        after_ = Node{0, at};
        return;
      }
      enter(time);
      const RawSample* item = &rings_.sample(at);
      at += static_cast<std::uint64_t>(merge(item, item + rings_.together(0, at, end), columns_.end(), row_) -
                                       item);
    }
  }

  void buckets(std::uint32_t level, std::uint64_t at, std::uint64_t end) {
    while (at < end && !after_) {
      const Bucket* item = &rings_.bucket(level, at);
      const std::int64_t first = load(item->first_ns);
      const std::int64_t last = load(item->last_ns);
      if (last < start_) {
        before_ = Node{level, at++};
        continue;
      }
      if (first > end_) {
        after_ = Node{level, at};
        return;
      }
      if (fits(level, at, first, last)) {
        // the item itself, which may reach over the border, then those that end before it
        merge(item, item + 1, kMaxTime + 1, row_);
        ++at;
        if (at == end || last >= columns_.end()) continue;
        item = &rings_.bucket(level, at);
        at += static_cast<std::uint64_t>(
            merge(item, item + rings_.together(level, at, end), columns_.end(), row_) - item);
        continue;
      }
      const std::uint64_t child = at++ << kFanOutBits;
      rings_.touch(level - 1, child);
      if (halves(level - 1, child, first, last)) continue;
      if (level == 1) {
        samples(child, child + kFanOut);
      } else {
        buckets(level - 1, child, child + kFanOut);
      }
    }
  }

  // Makes the column of a bucket the current one when it may stand there as a whole: it lies in it, or
  // reaches over one of its borders by a quarter of a column at most, or there is nothing finer.
  bool fits(std::uint32_t level, std::uint64_t at, std::int64_t first, std::int64_t last) {
    if (minus(start_, first) <= quarter_) {
      enter(first);
      if (minus(last, columns_.end()) < quarter_) return true;
      if (minus(columns_.end(), first) <= quarter_ && reaches_next(last)) {
        flush();
        columns_.next();
        return true;
      }
    }
    if (rings_.can_descend(level, at)) return false;
    enter(first);
    return true;
  }

  // Puts 8 children into the current column and 8 into the next where the border is near their middle, which
  // holds for most items about as wide as a column. Faster than finding the border: nothing is compared.
  bool halves(std::uint32_t level, std::uint64_t child, std::int64_t first, std::int64_t last) {
    if (level == 0 || minus(start_, first) > quarter_ || first >= columns_.end() || !reaches_next(last))
      return false;
    if (rings_.together(level, child, child + kFanOut) != kFanOut) return false;
    const Bucket* item = &rings_.bucket(level, child);
    const Bucket* middle = item + kFanOut / 2;
    if (minus(load(middle[-1].last_ns), columns_.end()) >= quarter_) return false;
    if (minus(columns_.end(), load(middle->first_ns)) > quarter_) return false;
    merge(item, middle, kMaxTime + 1, row_);
    flush();
    columns_.next();
    merge(middle, middle + kFanOut / 2, kMaxTime + 1, row_);
    return true;
  }

  // Whether an item that begins in this column may end in the next.
  [[nodiscard]] bool reaches_next(std::int64_t last) const {
    return !columns_.is_last() && minus(last, columns_.next_end()) < quarter_;
  }

  Snapshot& rings_;
  std::int64_t start_;
  std::int64_t end_;
  Columns columns_;
  std::int64_t quarter_;
  Envelope& out_;
  Row row_;
  std::optional<Node> before_;
  std::optional<Node> after_;
};

// Whether no more samples than columns are asked for and the raw ring has them all: then each is a row.
bool few_samples(Snapshot& rings, std::int64_t start, std::int64_t end, std::uint32_t columns,
                 std::uint64_t& from) {
  const std::uint64_t floor = rings.floor(0);
  const std::uint64_t stop = rings.end(0);
  from = rings.find(0, floor, stop, start);
  if (floor != 0 && from == floor) return false;
  return stop - from <= columns || rings.first_ns(0, from + columns) > end;
}

}  // namespace

Envelope Reader::window(std::uint32_t slot, std::int64_t start, std::int64_t end, std::uint32_t columns,
                        bool exact) const {
  check(slot);
  if (columns == 0 || end < start || start < -kMaxTime || end > kMaxTime) {
    throw std::invalid_argument("a window needs start <= end within 2^62 ns and at least one column");
  }
  return consistent(view_, slot, [&](Snapshot& rings) {
    Envelope out;
    out.reserve(std::min(columns, kRowsReserved) + 2);
    Walk walk(rings, start, end, Columns(start, end, columns), exact, out);
    std::uint64_t from = 0;
    out.is_raw = few_samples(rings, start, end, columns, from);
    if (!out.is_raw) {
      walk.run();
      return out;
    }
    for (std::uint64_t at = from > rings.floor(0) ? from - 1 : from; at < rings.end(0); ++at) {
      walk.add_sample(at);
      if (rings.first_ns(0, at) > end) break;
    }
    return out;
  });
}

}  // namespace haihe::trend
