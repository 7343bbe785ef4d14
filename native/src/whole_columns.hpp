// The loop where a window's time goes: buckets that lie next to one another, column after column.
#pragma once

#include <algorithm>
#include <utility>

#include "columns.hpp"
#include "row.hpp"

namespace haihe::trend {

/// @brief Merges buckets into columns as long as each may stand in one as a whole. A bucket is put into the
/// first column over whose end it reaches by a quarter of a column at most.
class WholeColumns {
 public:
  /// @param stop end of buckets that lie next to one another, of so many samples each
  WholeColumns(const Bucket* stop, std::uint64_t samples, const Columns& columns, const RowArrays& rows)
      : stop_(stop),
        samples_(samples),
        columns_(columns),
        quarter_(columns.quarter()),
        rows_(rows),
        left_(std::min(columns.inner(), rows.left())) {}

  [[nodiscard]] const Columns& columns() const { return columns_; }
  [[nodiscard]] const RowArrays& rows() const { return rows_; }

  /// @brief Goes on from a bucket that belongs to the current column.
  /// @param row becomes that of the column where it ends; those before are in the arrays
  /// @return the first bucket that does not belong to that column
  const Bucket* run(const Bucket* item, Row& row) {
    std::ptrdiff_t usual = 0;
    while (true) {
      item = regular(item, usual);
      const Bucket* const begin = item;
      Extremes found;
      do {
        found.add(*item);
      } while (++item != stop_ && load(item->last_ns) < most());
      row.set(begin, item, samples_, found);
      if (item == stop_ || left_ == 0 || load(item->first_ns) < columns_.end() - quarter_ ||
          load(item->last_ns) >= columns_.next_end() + quarter_)
        return item;
      rows_.append(row);
      columns_.next_inner();
      --left_;
      const std::ptrdiff_t count = item - begin;
      usual = count < usual ? count : count > usual + 1 ? count - 1 : usual;
    }
  }

 private:
  static constexpr std::ptrdiff_t kAhead = 32;

  [[nodiscard]] std::int64_t most() const { return columns_.end() + quarter_; }

  // The base level of a window has between four items in three columns and four times as many.
  const Bucket* regular(const Bucket* item, std::ptrdiff_t usual) {
    switch (usual) {
      case 1:
        return regular<1>(item);
      case 2:
        return regular<2>(item);
      case 3:
        return regular<3>(item);
      case 4:
        return regular<4>(item);
      case 5:
        return regular<5>(item);
      default:
        return item;
    }
  }

  // Columns of so many buckets or of one more, as long as another follows. Which of both is no branch,
  // because it cannot be foretold: where there is no other, the last is merged twice. What the loop needs is
  // local.
  template <std::ptrdiff_t kUsual>
  [[gnu::noinline]] const Bucket* regular(const Bucket* item) {
    const Bucket* const stop = stop_;
    const std::uint64_t samples = samples_;
    const std::int64_t quarter = quarter_;
    Columns columns = columns_;
    RowArrays rows = rows_;
    std::uint64_t left = left_;
    while (left > 0 && stop - item > kUsual + 1) {
      const std::int64_t border = columns.end(), most = border + quarter;
      const Bucket* next = item + kUsual;
      if (load(next[-1].last_ns) >= most) break;
      next += load(next->last_ns) < most ? 1 : 0;
      if (load(next->last_ns) < most) break;
      Extremes found;
      [&]<std::ptrdiff_t... kAt>(std::integer_sequence<std::ptrdiff_t, kAt...>) {
        (__builtin_prefetch(item + kAt + kAhead), ...);
        (found.add(item[kAt]), ...);
      }(std::make_integer_sequence<std::ptrdiff_t, kUsual>{});
      found.add(next[-1]);
      if (load(next->first_ns) < border - quarter || load(next->last_ns) >= columns.next_end() + quarter)
        break;
      Row row;
      row.set(item, next, samples, found);
      rows.put(rows.end++, row);
      columns.next_inner();
      --left;
      item = next;
    }
    columns_ = columns;
    rows_ = rows;
    left_ = left;
    return item;
  }

  const Bucket* stop_;
  std::uint64_t samples_;
  Columns columns_;
  std::int64_t quarter_;
  RowArrays rows_;
  std::uint64_t left_;
};

}  // namespace haihe::trend
