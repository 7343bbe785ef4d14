#include "spans.hpp"

#include <algorithm>
#include <cmath>

namespace haihe::raster {

Spans::Spans(std::int64_t columns) : columns_(columns) { clear(); }

void Spans::clear() {
  if (empty_ && !low_.empty()) return;
  empty_ = true;
  low_.assign(static_cast<std::size_t>(columns_), HUGE_VAL);
  high_.assign(static_cast<std::size_t>(columns_), -HUGE_VAL);
}

void Spans::widen(std::int64_t width) {
  if (width <= 1) return;
  wide_low_ = low_;
  wide_high_ = high_;
  const auto count = static_cast<std::size_t>(columns_);
  for (std::size_t shift = 1; shift < static_cast<std::size_t>(width) && shift < count; ++shift) {
    for (std::size_t at = shift; at < count; ++at) {
      wide_low_[at] = std::min(wide_low_[at], low_[at - shift]);
      wide_high_[at] = std::max(wide_high_[at], high_[at - shift]);
    }
  }
  const double above = static_cast<double>((width - 1) / 2);
  const double below = static_cast<double>(width - 1) - above;
  for (std::size_t at = 0; at < count; ++at) {
    low_[at] = wide_low_[at] - above;
    high_[at] = wide_high_[at] + below;
  }
}

void Spans::cut(std::int64_t on, std::int64_t off, std::int64_t phase) {
  const std::int64_t length = on + off;
  if (off <= 0 || length <= 0) return;
  std::int64_t place = ((phase % length) + length) % length;
  for (std::size_t at = 0; at < static_cast<std::size_t>(columns_); ++at) {
    if (place >= on) {
      low_[at] = HUGE_VAL;
      high_[at] = -HUGE_VAL;
    }
    if (++place == length) place = 0;
  }
}

}  // namespace haihe::raster
