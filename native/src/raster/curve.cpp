#include "haihe/raster/curve.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace haihe::raster {
namespace {

constexpr double kSecondNs = 1e9;
constexpr std::uint8_t kUncertain = 1;
constexpr std::uint8_t kBad = 2;
constexpr std::uint8_t kSeverity = 3;
constexpr std::uint8_t kRowMarked = 4;

double seconds(std::int64_t ns) { return static_cast<double>(ns) / kSecondNs; }

// Good_LocalOverride, Uncertain_SubstituteValue; or InfoType DataValue with a historian bit: calculated,
// interpolated, partial, extra (OPC UA Part 11, 6.4.2).
bool is_marked(std::uint32_t status) {
  const std::uint32_t code = status & 0xFFFF0000U;
  return code == 0x00960000U || code == 0x40910000U || ((status & 0x400U) != 0 && (status & 0x1FU) != 0);
}

bool is_single(const Rows& rows, std::size_t row) {
  return rows.minimum[row] == rows.maximum[row] && rows.first_ns[row] == rows.last_ns[row];
}

}  // namespace

Curve::Curve(const Rows& rows, bool stepped, std::int64_t now_ns) {
  const std::size_t count = rows.first_ns.size();
  if (rows.last_ns.size() != count || rows.minimum.size() != count || rows.maximum.size() != count ||
      rows.last.size() != count || rows.status.size() != count)
    throw std::invalid_argument("the columns of an envelope are of different lengths");
  if (count == 0) return;
  const std::size_t most = count * (stepped ? 5 : 4) + 1;
  x_.reserve(most);
  y_.reserve(most);
  flags_.reserve(most);
  of_point_.reserve(most);
  severity_.resize(count);
  for (std::size_t row = 0; row < count; ++row) {
    auto worst = static_cast<std::uint8_t>(std::min(rows.status[row] >> 30, 2U));
    if (!std::isfinite(rows.minimum[row]) || !std::isfinite(rows.maximum[row]) ||
        !std::isfinite(rows.last[row]))
      worst = kBad;
    severity_[row] = static_cast<std::uint8_t>(worst | (is_marked(rows.status[row]) ? kRowMarked : 0));
    is_raw_ = is_raw_ && is_single(rows, row);
    stepped ? add_stepped(rows, row) : add_column(rows, row);
  }
  if (const double now = seconds(now_ns); now > x_.back()) add(now, y_.back(), count - 1, true);
  join();
  severity_ = {};
  of_point_ = {};
}

void Curve::add(double x, double y, std::size_t row, bool end) {
  x_.push_back(x);
  y_.push_back(y);
  of_point_.push_back(severity_[row]);
  flags_.push_back(end ? kEnd : 0);
}

// Hold each value until the next one: two points at each change; states between are shown as a bar.
void Curve::add_stepped(const Rows& rows, std::size_t row) {
  const double begin = seconds(rows.first_ns[row]);
  if (row > 0) add(begin, rows.last[row - 1], row - 1, true);
  if (!is_single(rows, row)) {
    const double end = seconds(rows.last_ns[row]);
    add(begin, rows.minimum[row], row, false);
    add(begin, rows.maximum[row], row, false);
    add(end, rows.last[row], row, false);
    add(end, rows.last[row], row, true);
  } else {
    add(begin, rows.last[row], row, true);
  }
}

// Span each column from its minimum to its maximum, then leave it at its last value.
void Curve::add_column(const Rows& rows, std::size_t row) {
  const double begin = seconds(rows.first_ns[row]), end = seconds(rows.last_ns[row]);
  const bool single = is_single(rows, row);
  const double x = single ? end : begin, y = single ? rows.last[row] : rows.minimum[row];
  // The last value before a gap is held until the gap begins: a setpoint that never changed was there all the
  // time.
  if (row > 0 && (severity_[row] & kSeverity) >= kBad && (severity_[row - 1] & kSeverity) < kBad)
    add(x, y_.back(), row - 1, true);
  add(x, y, row, single);
  if (single) return;
  add((begin + end) / 2, rows.maximum[row], row, false);
  add(end, rows.last[row], row, true);
}

// A segment is drawn as bad as its start: a value holds with its status until the next one.
void Curve::join() {
  const std::size_t count = x_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto severity = static_cast<std::uint8_t>(of_point_[i] & kSeverity);
    std::uint8_t flags = flags_[i];
    if (severity < kBad) flags |= kKnown;
    if ((of_point_[i] & kRowMarked) != 0) flags |= kMarked;
    if (severity < kBad && i + 1 < count && (of_point_[i + 1] & kSeverity) < kBad)
      flags |= severity == kUncertain ? kDashed : kSolid;
    flags_[i] = flags;
    if (!std::isfinite(y_[i])) y_[i] = 0.0;
  }
}

std::optional<std::pair<double, double>> Curve::bounds() const {
  double low = HUGE_VAL, high = -HUGE_VAL;
  bool joined = size() == 1;  // one point alone counts, whatever it is
  for (std::size_t i = 0; i < size(); ++i) {
    const bool follows = (flags_[i] & (kSolid | kDashed)) != 0;
    if (joined || follows) {
      low = std::min(low, y_[i]);
      high = std::max(high, y_[i]);
    }
    joined = follows;
  }
  if (low > high) return std::nullopt;
  return std::pair{low, high};
}

std::optional<double> Curve::value_at(double seconds) const {
  const auto after = std::upper_bound(x_.begin(), x_.end(), seconds);
  if (after == x_.begin()) return std::nullopt;
  const auto at = static_cast<std::size_t>(after - x_.begin() - 1);
  if ((flags_[at] & (kSolid | kDashed)) == 0) return std::nullopt;
  return y_[at];
}

}  // namespace haihe::raster
