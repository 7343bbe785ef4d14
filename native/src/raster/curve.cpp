#include "haihe/raster/curve.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace haihe::raster {
namespace {

constexpr double kSecondNs = 1e9;
// Of a row and of a point: the severity in two bits, and what else is to be known.
constexpr std::uint8_t kUncertain = 1;
constexpr std::uint8_t kBad = 2;
constexpr std::uint8_t kSeverity = 3;
constexpr std::uint8_t kRowMarked = 4;
constexpr std::uint8_t kMixed = 8;     // of a row: bad at some time, and not all the time
constexpr std::uint8_t kApart = 8;     // of a point: no segment leads to it
constexpr std::uint8_t kEndsBad = 16;  // of a row: its last sample is bad

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

// A row with good samples among bad ones has a minimum and a maximum. They are drawn: a bad sample must not
// hide a peak.
std::uint8_t state_of(const Rows& rows, std::size_t row) {
  const std::uint8_t marked = is_marked(rows.status[row]) ? kRowMarked : 0;
  const auto worst = static_cast<std::uint8_t>(std::min(rows.status[row] >> 30, 2U));
  const bool ends_bad = !std::isfinite(rows.last[row]);
  if (!std::isfinite(rows.minimum[row]) || !std::isfinite(rows.maximum[row])) return marked | kBad | kEndsBad;
  if (worst < kBad && !ends_bad) return marked | worst;
  if (is_single(rows, row)) return marked | kBad | kEndsBad;
  return marked | kMixed | (ends_bad ? kEndsBad : 0);
}

// How a row is left: a value holds with its status until the next one.
std::uint8_t tail_of(std::uint8_t state) {
  const std::uint8_t marked = state & kRowMarked;
  return (state & kEndsBad) != 0 ? marked | kBad : marked | (state & kSeverity);
}

}  // namespace

Curve::Curve(const Rows& rows, bool stepped, std::int64_t now_ns, std::int64_t dense_ns)
    : dense_ns_(dense_ns) {
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
  state_.resize(count);
  for (std::size_t row = 0; row < count; ++row) {
    state_[row] = state_of(rows, row);
    is_raw_ = is_raw_ && is_single(rows, row);
    stepped ? add_stepped(rows, row) : add_column(rows, row);
  }
  if (const double now = seconds(now_ns); now > x_.back())
    add(now, y_.back(), tail_of(state_[count - 1]), true);
  join();
  state_ = {};
  of_point_ = {};
}

void Curve::add(double x, double y, std::uint8_t state, bool end) {
  x_.push_back(x);
  y_.push_back(y);
  of_point_.push_back(state);
  flags_.push_back(end ? kEnd : 0);
}

// Hold each value until the next one: two points at each change; states between are shown as a bar.
void Curve::add_stepped(const Rows& rows, std::size_t row) {
  const double begin = seconds(rows.first_ns[row]);
  const std::uint8_t within = state_[row] & (kSeverity | kRowMarked), tail = tail_of(state_[row]);
  if (row > 0) add(begin, rows.last[row - 1], tail_of(state_[row - 1]), true);
  if (!is_single(rows, row)) {
    const double end = seconds(rows.last_ns[row]);
    add(begin, rows.minimum[row], within, false);
    add(begin, rows.maximum[row], within, false);
    add(end, rows.last[row], apart(tail, row), false);
    add(end, rows.last[row], tail, true);
  } else {
    add(begin, rows.last[row], within, true);
  }
}

// Span each column from its minimum to its maximum, then leave it at its last value. Columns are joined by a
// line where samples are dense.
void Curve::add_column(const Rows& rows, std::size_t row) {
  const double begin = seconds(rows.first_ns[row]), end = seconds(rows.last_ns[row]);
  const bool single = is_single(rows, row);
  const double x = single ? end : begin, y = single ? rows.last[row] : rows.minimum[row];
  const std::uint8_t within = state_[row] & (kSeverity | kRowMarked), tail = tail_of(state_[row]);
  // The last value before a gap is held until the gap begins: a setpoint that never changed was there all the
  // time. So is one after which nothing was reported for long: it stood still, and then it changed.
  if (row > 0 && ((within & kSeverity) >= kBad || rows.first_ns[row] - rows.last_ns[row - 1] > dense_ns_)) {
    const std::uint8_t before = tail_of(state_[row - 1]);
    if ((before & kSeverity) < kBad) add(x, y_.back(), before, true);
  }
  add(x, y, within, single);
  if (single) return;
  add((begin + end) / 2, rows.maximum[row], within, false);
  add(end, rows.last[row], apart(tail, row), true);
}

// Where a row was bad between good ones, the line is broken in it; beside a gap it is already.
std::uint8_t Curve::apart(std::uint8_t tail, std::size_t row) const {
  const bool inside = row > 0 && (tail_of(state_[row - 1]) & kSeverity) < kBad;
  return inside && (state_[row] & kMixed) != 0 ? tail | kApart : tail;
}

// A segment is drawn as bad as its start: a value holds with its status until the next one.
void Curve::join() {
  const std::size_t count = x_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto severity = static_cast<std::uint8_t>(of_point_[i] & kSeverity);
    std::uint8_t flags = flags_[i];
    if (severity < kBad) flags |= kKnown;
    if ((of_point_[i] & kRowMarked) != 0) flags |= kMarked;
    if (severity < kBad && i + 1 < count && (of_point_[i + 1] & (kBad | kApart)) == 0)
      flags |= severity == kUncertain ? kDashed : kSolid;
    flags_[i] = flags;
    any_ |= flags;
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
