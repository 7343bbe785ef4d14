#include "haihe/raster/paint.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "spans.hpp"

namespace haihe::raster {
namespace {

constexpr std::int64_t kMarksApart = 6;  // columns
constexpr std::int64_t kBlock = 8;       // columns

// Half to even, without a call of the library: of numbers far below 2^51.
double rounded(double small) {
  constexpr double kShift = 6755399441055744.0;  // 1.5 * 2^52
  return (small + kShift) - kShift;
}

// Rows from `first` to before `end`.
struct Run {
  std::int64_t first;
  std::int64_t end;
};

class Painter {
 public:
  explicit Painter(const Picture& picture)
      : picture_(picture),
        spans_(picture.width),
        scale_(static_cast<double>(picture.width) / (picture.end_s - picture.start_s)) {
    const double phase = std::nearbyint(picture.start_s * static_cast<double>(picture.width) /
                                        (picture.end_s - picture.start_s));
    phase_ = std::abs(phase) < 9e18 ? static_cast<std::int64_t>(phase) : 0;
  }

  void stroke(const Stroke& stroke) {
    if (stroke.part == Part::marks && !stroke.curve->has(kMarked)) return;
    if (stroke.part == Part::dashed && !stroke.curve->has(kDashed)) return;
    spans_.clear();
    if (stroke.part == Part::marks) {
      marks(stroke);
    } else if (stroke.part == Part::band) {
      lines(stroke, kSolid | kDashed, true, false);
    } else {
      const bool solid = stroke.part == Part::solid;
      lines(stroke, solid ? kSolid : kDashed, solid, !stroke.curve->is_raw());
    }
    if (stroke.part != Part::marks && !spans_.empty()) {
      spans_.widen(stroke.width);
      spans_.cut(stroke.on, stroke.off, phase_);
    }
    fill(stroke);
  }

 private:
  double x_of(double seconds) const { return (seconds - picture_.start_s) * scale_; }

  // The segments of a curve that have one of these flags, and points without any: all of its points, or the
  // last of each row, of which none is led to across a break within its row.
  void lines(const Stroke& stroke, int wanted, bool alone, bool ends_only) {
    const Curve& curve = *stroke.curve;
    SpanPen pen(spans_);
    double x0 = 0.0, y0 = 0.0;
    std::uint8_t before = 0;  // flags of the point before
    bool joined = false;      // whether any segment comes from the point before it in the whole curve
    bool drawn = false;       // whether a segment was drawn to the point before
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const std::uint8_t flags = curve.flags()[i];
      const bool follows = (flags & (kSolid | kDashed)) != 0;
      if (!ends_only || (flags & kEnd) != 0) {
        const double x = x_of(curve.x()[i]), y = curve.y()[i] * stroke.factor + stroke.offset;
        const bool leads = (before & wanted) != 0 && joined;
        // A point of the band counts by itself, one of the line where no segment touches it.
        const bool shown = stroke.part == Part::band || !(follows || joined);
        if (leads) {
          pen.segment(x0, y0, x, y, drawn);
        } else if (alone && shown && (flags & kKnown) != 0) {
          pen.point(x, y);
        }
        drawn = leads;
        x0 = x;
        y0 = y;
        before = flags;
      }
      joined = follows;
    }
  }

  void marks(const Stroke& stroke) {
    const Curve& curve = *stroke.curve;
    SpanPen pen(spans_);
    std::int64_t last = -1;
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const std::uint8_t flags = curve.flags()[i];
      if ((flags & kMarked) == 0 || (flags & kKnown) == 0) continue;
      if (!curve.is_raw() && (flags & kEnd) == 0) continue;
      const double x = x_of(curve.x()[i]);
      if (!(x >= 0.0 && x < static_cast<double>(picture_.width))) continue;
      const std::int64_t place = static_cast<std::int64_t>(x) / kMarksApart;
      if (place == last) continue;
      last = place;
      const double y = curve.y()[i] * stroke.factor + stroke.offset;
      pen.point(x, y - static_cast<double>(stroke.width));
      pen.point(x, y + static_cast<double>(stroke.width));
    }
  }

  void fill(const Stroke& stroke) {
    const auto top = static_cast<double>(std::max<std::int64_t>(0, stroke.top));
    const auto bottom = static_cast<double>(std::min(picture_.height - 1, stroke.bottom));
    if (spans_.empty() || !(top <= bottom)) return;
    std::int64_t column = 0;
    for (; column + kBlock <= picture_.width; column += kBlock) {
      Run runs[kBlock];
      Run common{0, picture_.height};
      for (std::int64_t at = 0; at < kBlock; ++at) {
        const Run run = runs[at] = run_of(column + at, top, bottom);
        common = {std::max(common.first, run.first), std::min(common.end, run.end)};
      }
      if (common.first >= common.end) {
        for (std::int64_t at = 0; at < kBlock; ++at) fill_column(column + at, runs[at], stroke.color);
        continue;
      }
      // Neighbours overlap nearly everywhere: what they have in common is filled row by row.
      for (std::int64_t at = 0; at < kBlock; ++at) {
        fill_column(column + at, {runs[at].first, common.first}, stroke.color);
        fill_column(column + at, {common.end, runs[at].end}, stroke.color);
      }
      std::uint32_t* pixel = picture_.pixels + common.first * picture_.stride + column;
      for (std::int64_t row = common.first; row < common.end; ++row, pixel += picture_.stride)
        for (std::int64_t at = 0; at < kBlock; ++at) pixel[at] = stroke.color;
    }
    for (; column < picture_.width; ++column) fill_column(column, run_of(column, top, bottom), stroke.color);
  }

  // The rows of one column; none where `first` is not below `end`.
  Run run_of(std::int64_t column, double top, double bottom) const {
    const auto at = static_cast<std::size_t>(column);
    // Cut off first: what is rounded then is small, whatever the scale made of the value.
    const double first = rounded(std::clamp(spans_.low()[at], top, bottom + 1.0));
    const double last = rounded(std::clamp(spans_.high()[at], top - 1.0, bottom));
    return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last) + 1};
  }

  void fill_column(std::int64_t column, Run run, std::uint32_t color) const {
    std::uint32_t* pixel = picture_.pixels + run.first * picture_.stride + column;
    for (std::int64_t row = run.first; row < run.end; ++row, pixel += picture_.stride) *pixel = color;
  }

  const Picture& picture_;
  Spans spans_;
  double scale_;
  std::int64_t phase_;
};

}  // namespace

void paint(const Picture& picture, std::span<const Stroke> strokes) {
  if (!(picture.end_s > picture.start_s)) throw std::invalid_argument("a picture needs a range of time");
  for (const Stroke& stroke : strokes)
    if (stroke.curve == nullptr) throw std::invalid_argument("a stroke needs a curve");
  if (picture.width <= 0 || picture.height <= 0) return;
  Painter painter(picture);
  for (const Stroke& stroke : strokes) painter.stroke(stroke);
}

}  // namespace haihe::raster
