// The span of one curve in each column of a picture.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "haihe/raster/curve.hpp"

namespace haihe::raster {

/// @brief Least and greatest y in each column (pixels); where there is none, `low` is above `high`.
class Spans {
 public:
  explicit Spans(std::int64_t columns);

  /// @brief Forgets everything.
  void clear();
  /// @brief A pen of so many pixels: a column takes what those before it draw.
  void widen(std::int64_t width);
  /// @brief Leaves `on` of every `on + off` columns, counted from `-phase`.
  void cut(std::int64_t on, std::int64_t off, std::int64_t phase);

  std::int64_t columns() const { return columns_; }
  bool empty() const { return empty_; }
  const std::vector<double>& low() const { return low_; }
  const std::vector<double>& high() const { return high_; }

 private:
  friend class SpanPen;

  std::int64_t columns_;
  bool empty_ = true;
  std::vector<double> low_, high_;
  std::vector<double> wide_low_, wide_high_;
};

/// @brief Draws into spans. It keeps the column that it is at, since a curve goes on in the same one or in
/// the next; what it drew is in the spans when it is gone.
class SpanPen {
 public:
  explicit SpanPen(Spans& spans) : spans_(spans), until_(static_cast<double>(spans.columns_)) {}
  ~SpanPen() { put(); }
  SpanPen(const SpanPen&) = delete;
  SpanPen& operator=(const SpanPen&) = delete;

  /// @brief A point at x.
  void point(double x, double y) {
    if (x >= 0.0 && x < until_) add(static_cast<std::int64_t>(x), y);
  }

  /// @brief A straight line; where it crosses a border between columns, it belongs to both. x0 <= x1.
  /// @param goes_on it begins where the segment before it ended
  void segment(double x0, double y0, double x1, double y1, bool goes_on) {
    if (!goes_on) {
      point(x0, y0);
      const double begin = clamped(x0);
      reached_ = ceiling(begin, static_cast<std::int64_t>(begin));
    }
    const double inside = clamped(x1);
    const auto whole = static_cast<std::int64_t>(inside);
    const std::int64_t from = std::max<std::int64_t>(reached_, 0), end = ceiling(inside, whole);
    reached_ = end;
    if (from < end) {  // else within one column, or outside
      const double rise = (y1 - y0) / (x1 - x0);
      for (std::int64_t border = from; border < end; ++border) {
        const double y = y0 + (static_cast<double>(border) - x0) * rise;
        if (border > 0) add(border - 1, y);
        if (border < spans_.columns_) add(border, y);
      }
    }
    if (x1 >= 0.0 && x1 < until_) add(whole, y1);
  }

 private:
  // Of what lies outside the picture no more than that it does; also of what is no number.
  double clamped(double x) const { return std::max(-1.0, std::min(until_ + 1.0, x)); }

  static std::int64_t ceiling(double inside, std::int64_t whole) {
    return static_cast<double>(whole) < inside ? whole + 1 : whole;
  }

  void add(std::int64_t column, double y) {
    if (column != column_) {
      put();
      column_ = column;
      low_ = spans_.low_[static_cast<std::size_t>(column)];
      high_ = spans_.high_[static_cast<std::size_t>(column)];
    }
    low_ = std::min(low_, y);
    high_ = std::max(high_, y);
  }

  void put() {
    if (column_ < 0) return;
    spans_.low_[static_cast<std::size_t>(column_)] = low_;
    spans_.high_[static_cast<std::size_t>(column_)] = high_;
    spans_.empty_ = false;
  }

  Spans& spans_;
  double until_;
  std::int64_t column_ = -1;
  std::int64_t reached_ = 0;  // the first border that the last segment did not cross
  double low_ = 0.0, high_ = 0.0;
};

}  // namespace haihe::raster
