#include <algorithm>
#include <optional>
#include <stdexcept>

#include "columns.hpp"
#include "haihe/trend/reader.hpp"
#include "row.hpp"
#include "snapshot.hpp"
#include "whole_columns.hpp"

namespace haihe::trend {
namespace {

constexpr std::uint64_t kEnoughToTell = 16;
constexpr std::size_t kAhead = 8;

struct Node {
  std::uint32_t level;
  std::uint64_t index;
};

// One pass over the items of a window: at the base level, which has about as many items as there are columns,
// and further down where the border of a column cuts an item; further up where the base level is gone.
class Walk {
 public:
  Walk(Snapshot& rings, std::int64_t start, std::int64_t end, const Columns& columns, bool exact, Rows& rows)
      : rings_(rings),
        start_(start),
        end_(end),
        columns_(columns),
        quarter_(exact ? 0 : columns.quarter()),
        rows_(rows) {}

  void run() {
    const std::uint32_t base = base_level();
    std::uint64_t stop = 0;
    for (std::uint32_t level = rings_.coarsest() + 1; level-- > 0 && !after_;) {
      const std::uint64_t begin = level == rings_.coarsest()
                                      ? rings_.floor(level)
                                      : std::max(stop << child_bits(level + 1), rings_.floor(level));
      stop = std::max(begin, level > base ? rings_.first_with_children(level) : rings_.end(level));
      if (begin >= stop) continue;
      const std::uint64_t at = rings_.find(level, begin, stop, start_);
      if (at > begin) before_ = Node{level, at - 1};
      if (level == 0) {
        samples(at, stop);
      } else {
        buckets(level, at, stop);
      }
    }
    rows_.flush(row_);
    if (before_) {
      add_outside(*before_, true);
      rows_.put_before(row_);
    }
    if (after_) {
      add_outside(*after_, false);
      rows_.flush(row_);
    }
  }

 private:
  // The coarsest level with four items in three columns (with fewer, borders cut so many that their children
  // cost more than a finer level), by the number of items that the window has somewhere above.
  std::uint32_t base_level() {
    for (std::uint32_t level = rings_.coarsest(); level > 0; --level) {
      const std::uint64_t floor = rings_.floor(level), end = rings_.end(level);
      const std::uint64_t from = rings_.find(level, floor, end, start_);
      const std::uint64_t items = rings_.find(level, from, end, end_) - from;
      if (items < kEnoughToTell && items < columns_.count()) continue;
      const std::uint64_t wanted = columns_.count() + std::uint64_t{columns_.count()} / 3;
      std::uint32_t base = level;
      while (base > 0 && items << (level_bits(level) - level_bits(base)) < wanted) --base;
      return base;
    }
    return 0;
  }

  void add_outside(Node node, bool before) {
    while (rings_.can_descend(node.level, node.index)) {
      const std::uint64_t child = node.index << child_bits(node.level);
      rings_.touch(node.level - 1, child);
      node = {node.level - 1, before ? child + (std::uint64_t{1} << child_bits(node.level)) - 1 : child};
    }
    if (node.level == 0) {
      const std::uint64_t at = rings_.position(0, node.index);
      row_.add(rings_.raw(), at, at + 1, kMaxTime + 1);
    } else {
      const Bucket* item = &rings_.bucket(node.level, node.index);
      row_.add(item, item + 1, samples_of(node.level));
    }
  }

  static std::uint64_t samples_of(std::uint32_t level) { return std::uint64_t{1} << level_bits(level); }

  // Ends the open row where the item does not belong to its column any more.
  void enter(std::int64_t time) {
    if (time < columns_.end()) return;
    rows_.flush(row_);
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
      const std::uint64_t from = rings_.position(0, at);
      at += row_.add(rings_.raw(), from, from + rings_.together(0, at, end), columns_.end()) - from;
    }
  }

  void buckets(std::uint32_t level, std::uint64_t at, std::uint64_t end) {
    while (at < end && !after_) {
      if (level > 1 && quarter_ != 0) {
        at = run_of(level, at, end);
        if (at == end) return;
      }
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
        row_.add(item, item + 1, samples_of(level));
        ++at;
        continue;
      }
      const std::uint64_t child = at++ << child_bits(level);
      rings_.touch(level - 1, child);
      if (level == 1) {
        samples(child, child + kSampleFanOut);
      } else {
        buckets(level - 1, child, child + kBucketFanOut);
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
        rows_.flush(row_);
        columns_.next();
        return true;
      }
    }
    if (rings_.can_descend(level, at)) return false;
    enter(first);
    return true;
  }

  // The same for as many items as lie next to one another and are simple: each in one column, or cut by one
  // border that comes near enough to a border of its children. @return the first that is not
  std::uint64_t run_of(std::uint32_t level, std::uint64_t at, std::uint64_t end) {
    const Bucket* item = &rings_.bucket(level, at);
    const Bucket* const stop = item + rings_.together(level, at, end);
    if (minus(start_, load(item->first_ns)) > quarter_) return at;
    const std::uint64_t samples = samples_of(level);
    Row row = row_;
    const Bucket* const begin = item;
    while (item != stop) {
      if (kAhead < static_cast<std::size_t>(stop - item)) __builtin_prefetch(item + kAhead);
      const std::int64_t first = load(item->first_ns), last = load(item->last_ns);
      if (first > end_) break;
      if (first >= columns_.end()) {
        rows_.flush(row);
        columns_.enter(first);
      }
      if (minus(last, columns_.end()) >= quarter_) {
        if (!reaches_next(last)) break;
        if (minus(columns_.end(), first) > quarter_) {
          const std::uint64_t index = at + static_cast<std::uint64_t>(item - begin);
          if (!cut(level - 1, index << child_bits(level), row)) break;
          ++item;
          continue;
        }
        rows_.flush(row);
        columns_.next();
      }
      if (row.count != 0) {
        item = row.add_run(item, stop, columns_.end(), samples);
        continue;
      }
      WholeColumns columns(stop, samples, columns_, rows_.arrays());
      item = columns.run(item, row);
      columns_ = columns.columns();
      rows_.set(columns.rows());
    }
    at += static_cast<std::uint64_t>(item - begin);
    row_ = row;
    return at;
  }

  // Puts the first children of an item into the current column and the others into the next. @return false,
  // and nothing is done, where the border does not come near enough to one of theirs.
  bool cut(std::uint32_t level, std::uint64_t child, Row& row) {
    if (child < rings_.floor(level) || rings_.together(level, child, child + kBucketFanOut) != kBucketFanOut)
      return false;
    rings_.touch(level, child);
    const Bucket* const item = &rings_.bucket(level, child);
    const std::int64_t border = columns_.end();
    std::uint32_t before = 0;  // children that end before the border, or lie more before than after it
    for (std::uint32_t i = 0; i < kBucketFanOut; ++i) {
      before += minus(load(item[i].last_ns), border) < minus(border, load(item[i].first_ns)) ? 1 : 0;
    }
    if (before == 0 || before == kBucketFanOut) return false;
    if (minus(load(item[before - 1].last_ns), border) >= quarter_) return false;
    if (minus(border, load(item[before].first_ns)) > quarter_) return false;
    row.add(item, item + before, samples_of(level));
    rows_.flush(row);
    columns_.next();
    row.add(item + before, item + kBucketFanOut, samples_of(level));
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
  Rows& rows_;
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

void each_sample(Snapshot& rings, std::uint64_t from, std::int64_t end, Rows& rows) {
  Row row;
  for (std::uint64_t index = from > rings.floor(0) ? from - 1 : from; index < rings.end(0); ++index) {
    const std::uint64_t at = rings.position(0, index);
    row.add(rings.raw(), at, at + 1, kMaxTime + 1);
    rows.flush(row);
    if (rings.first_ns(0, index) > end) return;
  }
}

}  // namespace

Envelope Reader::window(std::uint32_t slot, std::int64_t start, std::int64_t end, std::uint32_t columns,
                        bool exact) const {
  check(slot);
  if (columns == 0 || end < start || start < -kMaxTime || end > kMaxTime) {
    throw std::invalid_argument("a window needs start <= end within 2^62 ns and at least one column");
  }
  return consistent(view_, slot, [&](Snapshot& rings) {
    Rows rows(std::min<std::uint64_t>(columns, rings.items()) + 2);
    std::uint64_t from = 0;
    const bool is_raw = few_samples(rings, start, end, columns, from);
    if (is_raw) {
      each_sample(rings, from, end, rows);
    } else {
      Walk(rings, start, end, Columns(start, end, columns), exact, rows).run();
    }
    return rows.envelope(is_raw);
  });
}

}  // namespace haihe::trend
