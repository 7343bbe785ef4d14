#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <tuple>

#include "arrays.hpp"
#include "haihe/raster/curve.hpp"
#include "haihe/raster/paint.hpp"
#include "haihe/trend/reader.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace haihe::raster {
namespace {

using trend::Array;
using trend::Input;
using trend::to_array;
using trend::to_span;
using Pixels = nb::ndarray<std::uint32_t, nb::ndim<2>, nb::device::cpu>;

Array<bool> with_flag(const Curve& self, std::uint8_t flag) {
  auto* found = new bool[self.size()];
  nb::capsule owner(found, [](void* at) noexcept { delete[] static_cast<bool*>(at); });
  for (std::size_t i = 0; i < self.size(); ++i) found[i] = (self.flags()[i] & flag) != 0;
  return Array<bool>(found, {self.size()}, owner);
}

void paint_strokes(const Pixels& pixels, double start_s, double end_s,
                   const std::vector<nb::typed<nb::tuple, nb::any, nb::ellipsis>>& given) {
  if (pixels.stride(1) != 1) throw std::invalid_argument("the pixels of a row must be neighbours");
  std::vector<Stroke> strokes;
  strokes.reserve(given.size());
  for (const nb::tuple& one : given) {
    if (nb::len(one) != 10) throw std::invalid_argument("a stroke has ten fields");
    strokes.push_back({nb::cast<const Curve*>(one[0]), nb::cast<Part>(one[1]), nb::cast<double>(one[2]),
                       nb::cast<double>(one[3]), nb::cast<std::int64_t>(one[4]),
                       nb::cast<std::int64_t>(one[5]), nb::cast<std::uint32_t>(one[6]),
                       nb::cast<std::int64_t>(one[7]), nb::cast<std::int64_t>(one[8]),
                       nb::cast<std::int64_t>(one[9])});
  }
  const Picture picture{pixels.data(),
                        static_cast<std::int64_t>(pixels.shape(1)),
                        static_cast<std::int64_t>(pixels.shape(0)),
                        pixels.stride(0),
                        start_s,
                        end_s};
  const nb::gil_scoped_release others;
  paint(picture, strokes);
}

}  // namespace

void bind_raster(nb::module_& module) {
  nb::enum_<Part>(module, "Part")
      .value("BAND", Part::band)
      .value("SOLID", Part::solid)
      .value("DASHED", Part::dashed)
      .value("MARKS", Part::marks);
  nb::class_<Curve>(module, "Curve")
      .def(
          "__init__",
          [](Curve* self, const Input<std::int64_t>& first_ns, const Input<std::int64_t>& last_ns,
             const Input<double>& minimum, const Input<double>& maximum, const Input<double>& last,
             const Input<std::uint32_t>& status, bool stepped, std::int64_t now_ns, std::int64_t dense_ns) {
            new (self) Curve({to_span(first_ns), to_span(last_ns), to_span(minimum), to_span(maximum),
                              to_span(last), to_span(status)},
                             stepped, now_ns, dense_ns);
          },
          "first_ns"_a, "last_ns"_a, "minimum"_a, "maximum"_a, "last"_a, "status"_a, "stepped"_a, "now_ns"_a,
          "dense_ns"_a)
      .def(
          "__init__",
          [](Curve* self, const trend::Envelope& rows, bool stepped, std::int64_t now_ns,
             std::int64_t dense_ns) {
            new (self)
                Curve({rows.first_ns, rows.last_ns, rows.minimum, rows.maximum, rows.last, rows.status},
                      stepped, now_ns, dense_ns);
          },
          "rows"_a, "stepped"_a, "now_ns"_a, "dense_ns"_a)
      .def("__len__", &Curve::size)
      .def_prop_ro("is_raw", &Curve::is_raw)
      .def("x", [](const Curve& self) { return to_array(std::vector<double>(self.x())); })
      .def("y", [](const Curve& self) { return to_array(std::vector<double>(self.y())); })
      .def("solid", [](const Curve& self) { return with_flag(self, kSolid); })
      .def("dashed", [](const Curve& self) { return with_flag(self, kDashed); })
      .def("known", [](const Curve& self) { return with_flag(self, kKnown); })
      .def("ends", [](const Curve& self) { return with_flag(self, kEnd); })
      .def("marked", [](const Curve& self) { return with_flag(self, kMarked); })
      .def("bounds", &Curve::bounds)
      .def("value_at", &Curve::value_at, "seconds"_a);
  module.def("paint", &paint_strokes, "pixels"_a, "start_s"_a, "end_s"_a, "strokes"_a);
}

}  // namespace haihe::raster
