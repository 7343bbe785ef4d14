// The span of one curve in each column of a picture.
#pragma once

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
  /// @brief A point at x.
  void point(double x, double y);
  /// @brief A straight line; where it crosses a border between columns, it belongs to both. x0 <= x1.
  void segment(double x0, double y0, double x1, double y1);
  /// @brief A pen of so many pixels: a column takes what those before it draw.
  void widen(std::int64_t width);
  /// @brief Leaves `on` of every `on + off` columns, counted from `-phase`.
  void cut(std::int64_t on, std::int64_t off, std::int64_t phase);

  bool empty() const { return empty_; }
  const std::vector<double>& low() const { return low_; }
  const std::vector<double>& high() const { return high_; }

 private:
  void add(std::int64_t column, double y);

  std::int64_t columns_;
  bool empty_ = true;
  std::vector<double> low_, high_;
  std::vector<double> wide_low_, wide_high_;
};

}  // namespace haihe::raster
