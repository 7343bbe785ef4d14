// Curves to pixels: gaps, cut-off, patterns, and nothing written outside the picture whatever the numbers
// are.
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "haihe/raster/paint.hpp"

using namespace haihe::raster;

namespace {

int failures = 0;

void check_at(bool ok, const char* what, int line) {
  if (ok) return;
  std::printf("raster_test.cpp:%d: FAILED: %s\n", line, what);
  ++failures;
}
#define CHECK(condition) check_at((condition), #condition, __LINE__)

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDenseNs = 5 * kSecond;
constexpr std::uint32_t kBad = 0x80000000U;
constexpr std::uint32_t kUncertain = 0x40000000U;
constexpr std::uint32_t kInk = 0xFF000000U;

struct Table {
  std::vector<std::int64_t> first, last;
  std::vector<double> low, high, end;
  std::vector<std::uint32_t> status;

  void add(std::int64_t from, std::int64_t until, double least, double most, double final,
           std::uint32_t is = 0) {
    first.push_back(from);
    last.push_back(until);
    low.push_back(least);
    high.push_back(most);
    end.push_back(final);
    status.push_back(is);
  }
  void sample(std::int64_t second, double value, std::uint32_t is = 0) {
    add(second * kSecond, second * kSecond, value, value, value, is);
  }
  Rows rows() const { return {first, last, low, high, end, status}; }
};

// A picture with a margin all round that nothing may touch.
struct Canvas {
  static constexpr std::int64_t kWidth = 20, kHeight = 10, kMargin = 3, kStride = kWidth + 2 * kMargin;
  std::vector<std::uint32_t> memory = std::vector<std::uint32_t>(kStride * (kHeight + 2 * kMargin), 7);
  Picture picture{memory.data() + kMargin * kStride + kMargin, kWidth, kHeight, kStride, 0.0, 20.0};

  std::string row(std::int64_t y) const {
    std::string text;
    for (std::int64_t x = 0; x < kWidth; ++x) text += picture.pixels[y * kStride + x] == kInk ? '#' : '.';
    return text;
  }
  bool margin_is_clean() const {
    for (std::int64_t at = 0; at < static_cast<std::int64_t>(memory.size()); ++at) {
      const std::int64_t x = at % kStride - kMargin, y = at / kStride - kMargin;
      if ((x < 0 || x >= kWidth || y < 0 || y >= kHeight) && memory[static_cast<std::size_t>(at)] != 7)
        return false;
    }
    return true;
  }
};

Stroke stroke(const Curve& curve, Part part, std::int64_t width = 1, std::int64_t on = 1,
              std::int64_t off = 0) {
  return {&curve, part, 1.0, 0.0, 0, Canvas::kHeight - 1, kInk, width, on, off};
}

void gaps_and_patterns() {
  Table table;
  for (std::int64_t second = 0; second < 20; ++second)
    table.sample(second, 4.0, second >= 8 && second < 12 ? kBad : second >= 16 ? kUncertain : 0);
  const Curve curve(table.rows(), false, 0, kDenseNs);
  CHECK(curve.is_raw());
  CHECK(curve.value_at(7.5) == 4.0);
  CHECK(!curve.value_at(9.0));
  CHECK(!curve.value_at(-1.0));
  Canvas solid, dashed, pattern, wide;
  paint(solid.picture, std::vector{stroke(curve, Part::solid)});
  // A border between two columns belongs to both.
  CHECK(solid.row(4) == "#########..######...");
  CHECK(solid.row(3) == "....................");
  paint(dashed.picture, std::vector{stroke(curve, Part::dashed)});
  CHECK(dashed.row(4) == "...............#####");
  paint(pattern.picture, std::vector{stroke(curve, Part::solid, 1, 2, 2)});
  CHECK(pattern.row(4) == "##..##..#...##..#...");
  paint(wide.picture, std::vector{stroke(curve, Part::solid, 2)});
  CHECK(wide.row(4).substr(0, 9) == "#########");
  CHECK(wide.row(5).substr(0, 9) == "#########");
  CHECK(solid.margin_is_clean() && wide.margin_is_clean());
}

void band_of_an_envelope() {
  Table table;
  table.add(2 * kSecond, 2 * kSecond + kSecond / 2, 1.0, 8.0, 3.0);
  const Curve curve(table.rows(), false, 0, kDenseNs);
  CHECK(!curve.is_raw());
  CHECK((curve.bounds() == std::pair{1.0, 8.0}));
  Canvas canvas;
  paint(canvas.picture, std::vector{stroke(curve, Part::band)});
  for (std::int64_t y = 0; y < Canvas::kHeight; ++y) CHECK((canvas.row(y)[2] == '#') == (y >= 1 && y <= 8));
}

void nothing_outside_whatever_comes() {
  std::mt19937_64 random(7);
  const double values[] = {0.0,          5.0,
                           -1e300,       1e300,
                           1e-300,       std::numeric_limits<double>::infinity(),
                           std::nan(""), std::numeric_limits<double>::max(),
                           -3.5};
  const std::uint32_t states[] = {0, 0, kBad, kUncertain, 0x00960000U, 0x0000041FU};
  const std::int64_t steps[] = {0, 1, kSecond / 3, kSecond, 7 * kSecond, std::int64_t{1} << 60};
  const auto any = [&](const auto& of) { return of[random() % std::size(of)]; };
  for (int round = 0; round < 3000; ++round) {
    Table table;
    std::int64_t at = round % 2 ? -5 * kSecond : 0;
    for (int row = 0; row < 12 && at < (std::int64_t{1} << 61); ++row) {
      const std::int64_t begin = at;
      at += any(steps);
      if (random() % 2) {
        table.add(begin, at, any(values), any(values), any(values), any(states));
      } else {
        const double value = any(values);
        table.add(begin, begin, value, value, value, any(states));
      }
    }
    const Curve curve(table.rows(), random() % 2 == 0, random() % 2 ? at : 0, kDenseNs);
    curve.bounds();
    Canvas canvas;
    std::vector<Stroke> strokes;
    for (const Part part : {Part::band, Part::solid, Part::dashed, Part::marks}) {
      Stroke one = stroke(curve, part, static_cast<std::int64_t>(random() % 40), 2,
                          static_cast<std::int64_t>(random() % 3));
      one.factor = any(values);
      one.offset = any(values);
      one.top = static_cast<std::int64_t>(random() % 30) - 15;
      one.bottom = static_cast<std::int64_t>(random() % 30) - 5;
      strokes.push_back(one);
    }
    paint(canvas.picture, strokes);
    CHECK(canvas.margin_is_clean());
  }
}

template <typename Action>
bool refused(const Action& action) {
  try {
    action();
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

void wrong_arguments() {
  Table table;
  table.sample(1, 2.0);
  const Curve curve(table.rows(), false, 0, kDenseNs);
  Canvas canvas;
  Stroke none = stroke(curve, Part::solid);
  none.curve = nullptr;
  CHECK(refused([&] { paint(canvas.picture, std::vector{none}); }));
  canvas.picture.end_s = canvas.picture.start_s;
  CHECK(refused([&] { paint(canvas.picture, {}); }));
  table.status.clear();
  CHECK(refused([&] { Curve(table.rows(), false, 0, kDenseNs); }));
}

}  // namespace

int main() {
  gaps_and_patterns();
  band_of_an_envelope();
  nothing_outside_whatever_comes();
  wrong_arguments();
  return failures == 0 ? 0 : 1;
}
