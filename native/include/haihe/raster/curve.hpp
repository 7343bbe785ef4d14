// From the envelope of a window to points joined by segments: gaps where the status is bad, dashes where it
// is uncertain, steps for discrete tags and where a value stood still. Times of points are seconds since the
// epoch (UTC).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace haihe::raster {

/// @brief Rows of an envelope, oldest first; every span is of one length. Times are ns since the epoch, UTC.
struct Rows {
  std::span<const std::int64_t> first_ns;
  std::span<const std::int64_t> last_ns;
  std::span<const double> minimum;
  std::span<const double> maximum;
  std::span<const double> last;
  std::span<const std::uint32_t> status;  // OPC UA StatusCode, the worst of the row
};

/// @brief What is known of a point, and of the segment from it to the next one (never one from the last
/// point).
enum Flag : std::uint8_t {
  kSolid = 1,   // a segment follows
  kDashed = 2,  // a segment of uncertain values follows
  kKnown = 4,   // has a value; in a gap y is only a place holder
  kEnd = 8,     // the last of its row: these alone are the line within the band of an envelope
  kMarked = 16  // substituted, forced or filled in later
};

/// @brief Points of one pen; immutable once it is made.
class Curve {
 public:
  /// @param stepped values are held until the next one (discrete tags), else joined by lines where they are
  /// dense.
  /// @param now_ns the newest value holds until then (0: until its own time).
  /// @param dense_ns samples that are further apart are not joined by a line: devices report changes, so the
  /// value held between them, and a slope would show what never was. It follows how often the tag is read.
  /// @throws std::invalid_argument when the rows are not of one length.
  Curve(const Rows& rows, bool stepped, std::int64_t now_ns, std::int64_t dense_ns);

  std::size_t size() const { return x_.size(); }
  const std::vector<double>& x() const { return x_; }
  const std::vector<double>& y() const { return y_; }
  const std::vector<std::uint8_t>& flags() const { return flags_; }
  /// @brief Whether any point has this flag.
  bool has(Flag flag) const { return (any_ & flag) != 0; }
  /// @brief Whether every row is one sample; then there is no band.
  bool is_raw() const { return is_raw_; }
  /// @brief Least and greatest value that is drawn.
  std::optional<std::pair<double, double>> bounds() const;
  /// @brief The value of the last point at or before a time; nothing in a gap.
  std::optional<double> value_at(double seconds) const;

 private:
  void add(double x, double y, std::uint8_t state, bool end);
  void add_stepped(const Rows& rows, std::size_t row);
  void add_column(const Rows& rows, std::size_t row);
  std::uint8_t apart(std::uint8_t tail, std::size_t row) const;
  void join();

  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint8_t> state_;     // of a row; not kept
  std::vector<std::uint8_t> of_point_;  // not kept
  std::int64_t dense_ns_ = 0;
  std::uint8_t any_ = 0;  // flags of all points
  bool is_raw_ = true;
};

}  // namespace haihe::raster
