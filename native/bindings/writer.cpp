#include "haihe/trend/writer.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "arrays.hpp"
#include "haihe/trend/successor.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace haihe::trend {
namespace {

using Slots = std::vector<std::pair<std::string, std::vector<std::uint32_t>>>;

std::vector<SlotSpec> specs_of(const Slots& slots) {
  std::vector<SlotSpec> specs;
  specs.reserve(slots.size());
  for (const auto& [name, capacities] : slots) specs.push_back({name, capacities});
  return specs;
}

}  // namespace

void bind_writer(nb::module_& module) {
  nb::class_<Successor>(module, "Successor")
      .def(
          "__init__",
          [](Successor* self, const std::string& path, const Slots& slots, std::int64_t now_ns) {
            const std::vector<SlotSpec> specs = specs_of(slots);
            const nb::gil_scoped_release others;
            new (self) Successor(path, specs, now_ns);
          },
          "path"_a, "slots"_a, "now_ns"_a)
      .def("close", &Successor::close, nb::call_guard<nb::gil_scoped_release>());
  nb::class_<Writer>(module, "Writer")
      .def(
          "__init__",
          [](Writer* self, const std::string& path, const Slots& slots, std::int64_t now_ns,
             const std::string& checkpoint) { new (self) Writer(path, specs_of(slots), now_ns, checkpoint); },
          "path"_a, "slots"_a, "now_ns"_a, "checkpoint"_a = "")
      .def("close", &Writer::close)
      .def("messages", &Writer::messages)
      .def(
          "append_real",
          [](Writer& self, std::uint32_t slot, std::int64_t source_ns, double value, std::uint32_t status,
             std::int64_t receive_ns) {
            LiveValue live;
            live.kind = Kind::real;
            live.number = value;
            return self.append(slot, source_ns, live, status, receive_ns);
          },
          "slot"_a, "source_ns"_a, "value"_a, "status"_a, "receive_ns"_a)
      .def(
          "append_exact",
          [](Writer& self, std::uint32_t slot, std::int64_t source_ns, std::uint8_t kind, double value,
             std::int64_t exact, const std::string& text, std::uint32_t status, std::int64_t receive_ns) {
            return self.append(slot, source_ns, {static_cast<Kind>(kind), value, exact, text}, status,
                               receive_ns);
          },
          "slot"_a, "source_ns"_a, "kind"_a, "value"_a, "exact"_a, "text"_a, "status"_a, "receive_ns"_a)
      .def(
          "append_batch",
          [](Writer& self, const Input<std::uint32_t>& slots, const Input<std::int64_t>& source_ns,
             const Input<double>& values, const Input<std::uint32_t>& status, std::int64_t receive_ns,
             const std::optional<Input<std::uint8_t>>& kinds) {
            std::span<const Kind> each;
            if (kinds) each = {reinterpret_cast<const Kind*>(kinds->data()), kinds->shape(0)};
            return self.append_batch(to_span(slots), to_span(source_ns), to_span(values), to_span(status),
                                     receive_ns, each);
          },
          "slots"_a, "source_ns"_a, "values"_a, "status"_a, "receive_ns"_a, "kinds"_a = nb::none())
      .def("heartbeat", &Writer::heartbeat, "now_ns"_a)
      .def("succeed", &Writer::succeed, "next"_a, "now_ns"_a);
}

}  // namespace haihe::trend
