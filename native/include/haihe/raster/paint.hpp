// Curves straight into pixels: every column's span from its lowest to its highest point, filled with one
// colour.
#pragma once

#include <cstdint>
#include <span>

#include "haihe/raster/curve.hpp"

namespace haihe::raster {

/// @brief A picture in memory, 0xffRRGGBB a pixel; and the time that its left and right border stand for.
struct Picture {
  std::uint32_t* pixels;
  std::int64_t width;
  std::int64_t height;
  std::int64_t stride;  // pixels from one row to the next
  double start_s;
  double end_s;
};

/// @brief What of a curve is painted.
enum class Part : std::uint8_t {
  band,    // from the least to the greatest value of every row
  solid,   // the line through the last values of the rows, and values alone
  dashed,  // the same where values are uncertain
  marks    // a bar across the line at each marked value, at most one every few columns
};

/// @brief One pass of one curve. A value v is at row v * factor + offset; rows from top to bottom (included)
/// may be used. Of `on + off` columns the first `on` are painted (off 0: all); the pattern moves with the
/// time.
struct Stroke {
  const Curve* curve;
  Part part;
  double factor;
  double offset;
  std::int64_t top;
  std::int64_t bottom;
  std::uint32_t color;
  std::int64_t width;  // of a line (pixels); of marks: half their length
  std::int64_t on = 1;
  std::int64_t off = 0;
};

/// @brief Paints the strokes; a later one covers an earlier one. What is outside the picture is cut off.
/// @throws std::invalid_argument for a range of time without length, or a stroke without curve.
void paint(const Picture& picture, std::span<const Stroke> strokes);

}  // namespace haihe::raster
