// The columns of a window. Integer borders, so that every platform puts a sample into the same column.
#pragma once

#include <algorithm>
#include <cstdint>

namespace haihe::trend {

class Columns {
 public:
  Columns(std::int64_t start, std::int64_t end, std::uint32_t count)
      : start_(start),
        span_(static_cast<std::uint64_t>(end - start)),
        count_(count),
        width_(span_ / count),
        rest_(span_ % count),
        scale_(count / (static_cast<double>(span_) + 1.0)) {
    go_to(0);
  }

  /// @brief Where the current column ends: the first time that belongs to the next one.
  [[nodiscard]] std::int64_t end() const { return end_; }

  [[nodiscard]] std::uint32_t count() const { return count_; }

  /// @brief A quarter of a column, rounded down.
  [[nodiscard]] std::int64_t quarter() const { return static_cast<std::int64_t>(width_ / 4); }

  /// @brief Makes the column of this time the current one. @pre not before the current column
  void enter(std::int64_t time) {
    if (time < end_) return;
    next();  // without a gap in the samples it is this one
    if (time >= end_) go_to(of(time));
  }

  /// @brief Where the next column ends; of the last column, where that ends itself.
  [[nodiscard]] std::int64_t next_end() const { return next_end_; }

  [[nodiscard]] bool is_last() const { return column_ + 1 == count_; }

  /// @brief How often next_inner() may follow.
  [[nodiscard]] std::uint64_t inner() const { return column_ + 3 < count_ ? count_ - 3 - column_ : 0; }

  /// @brief next(), where three columns or more follow the current one.
  void next_inner() {
    ++column_;
    end_ = next_end_;
    left_ += rest_;
    const bool carry = left_ >= count_;
    left_ -= carry ? count_ : 0;
    next_end_ = end_ + static_cast<std::int64_t>(width_ + (carry ? 1 : 0));
  }

  /// @brief Makes the column after the current one the current one; the last column stays.
  void next() {
    if (is_last()) return;
    ++column_;
    end_ = next_end_;
    look_ahead();
  }

 private:
  void go_to(std::uint32_t column) {
    column_ = column;
    left_ = rest_ * (column + std::uint64_t{1}) % count_;
    end_ = border(column + 1);
    look_ahead();
  }

  void look_ahead() {
    if (column_ + 2 >= count_) {
      next_end_ = border(count_);
      return;
    }
    left_ += rest_;
    const bool carry = left_ >= count_;
    left_ -= carry ? count_ : 0;
    next_end_ = end_ + static_cast<std::int64_t>(width_ + (carry ? 1 : 0));
  }

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

  std::int64_t start_;
  std::uint64_t span_;
  std::uint32_t count_;
  std::uint64_t width_;
  std::uint64_t rest_;
  double scale_;
  std::uint32_t column_ = 0;
  std::uint64_t left_ = 0;  // rest * columns modulo count: tells which column is wider by one
  std::int64_t end_ = 0;
  std::int64_t next_end_ = 0;
};

}  // namespace haihe::trend
