#include "haihe/trend/reader.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "arrays.hpp"
#include "haihe/trend/checkpoint.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace haihe::trend {
namespace {

using Ints = Array<std::int64_t>;
using Reals = Array<double>;
using Words = Array<std::uint32_t>;
using Counts = Array<std::uint64_t>;

std::vector<std::string> names(const Reader& self) {
  std::vector<std::string> result;
  for (std::uint32_t slot = 0; slot < self.view().slot_count; ++slot)
    result.emplace_back(self.view().name(slot));
  return result;
}

std::tuple<std::uint64_t, Words> changed(const Reader& self, std::uint64_t cursor) {
  std::vector<std::uint32_t> slots;
  const std::uint64_t next = self.changed(cursor, slots);
  return {next, to_array(std::move(slots))};
}

std::tuple<Ints, Ints, Reals, Words, Array<std::uint8_t>, Counts> live(const Reader& self,
                                                                       const Input<std::uint32_t>& slots) {
  self.check_open();
  const std::size_t count = slots.shape(0);
  std::vector<std::int64_t> source(count), receive(count);
  std::vector<double> value(count);
  std::vector<std::uint32_t> status(count);
  std::vector<std::uint8_t> kind(count);
  std::vector<std::uint64_t> sequence(count);
  for (std::size_t i = 0; i < count; ++i) {
    const LiveSample sample = self.live(slots.data()[i]);
    source[i] = sample.source_ns;
    receive[i] = sample.receive_ns;
    value[i] = sample.value.number;
    status[i] = sample.status;
    kind[i] = static_cast<std::uint8_t>(sample.value.kind);
    sequence[i] = sample.sequence;
  }
  return {to_array(std::move(source)), to_array(std::move(receive)), to_array(std::move(value)),
          to_array(std::move(status)), to_array(std::move(kind)),    to_array(std::move(sequence))};
}

std::tuple<int, double, std::int64_t, nb::bytes, std::uint32_t, std::int64_t, std::int64_t> sample(
    const Reader& self, std::uint32_t slot) {
  self.check_open();
  const LiveSample live = self.live(slot);
  return {static_cast<int>(live.value.kind),
          live.value.number,
          live.value.exact,
          nb::bytes(live.value.text.data(), live.value.text.size()),
          live.status,
          live.source_ns,
          live.receive_ns};
}

// An array of an envelope, made when it is asked for: making one takes as long as reading many rows.
template <auto kMember>
auto array_of(nb::pointer_and_handle<Envelope> self) {
  return to_array(self.p->*kMember, self.h);
}

std::tuple<Ints, Reals, Words, bool, bool> raw(const Reader& self, std::uint32_t slot, std::int64_t start_ns,
                                               std::int64_t end_ns, std::uint64_t limit) {
  Samples out = self.raw(slot, start_ns, end_ns, limit);
  return {to_array(std::move(out.t_ns)), to_array(std::move(out.value)), to_array(std::move(out.status)),
          out.complete, out.truncated};
}

std::tuple<double, double, double, std::int64_t, std::uint64_t, bool> statistics(const Reader& self,
                                                                                 std::uint32_t slot,
                                                                                 std::int64_t start_ns,
                                                                                 std::int64_t end_ns) {
  const Statistics out = self.statistics(slot, start_ns, end_ns);
  return {out.area, out.minimum, out.maximum, out.good_ns, out.count, out.exact};
}

std::tuple<std::int64_t, std::int64_t, std::int64_t, std::uint64_t> coverage(const Reader& self,
                                                                             std::uint32_t slot) {
  const Coverage out = self.coverage(slot);
  return {out.raw_from_ns, out.from_ns, out.newest_ns, out.appended};
}

// heartbeat_ns, writer_pid, generation, change sequence, late, rejected, closed cleanly
std::tuple<std::int64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, bool>
state(const Reader& self) {
  self.check_open();
  const Header& header = *self.view().header;
  return {load(header.heartbeat_ns, std::memory_order_acquire),
          load(header.writer_pid),
          header.generation,
          load(header.change_sequence),
          load(header.late_total),
          load(header.rejected_total),
          load(header.clean) != 0};
}

std::tuple<std::uint64_t, std::uint64_t> usage_of(const Reader& self) {
  const Usage out = usage(self);
  return {out.appended, out.bytes};
}

}  // namespace

void bind_reader(nb::module_& module) {
  nb::class_<Envelope>(module, "Envelope")
      .def_prop_ro("t_first", &array_of<&Envelope::first_ns>)
      .def_prop_ro("t_last", &array_of<&Envelope::last_ns>)
      .def_prop_ro("minimum", &array_of<&Envelope::minimum>)
      .def_prop_ro("maximum", &array_of<&Envelope::maximum>)
      .def_prop_ro("last", &array_of<&Envelope::last>)
      .def_prop_ro("status", &array_of<&Envelope::status>)
      .def_prop_ro("count", &array_of<&Envelope::count>)
      .def_ro("is_raw", &Envelope::is_raw);
  nb::class_<Reader>(module, "Reader")
      .def(nb::init<const std::string&>(), "path"_a)
      .def("close", &Reader::close)
      .def("is_current", &Reader::is_current)
      .def("names", &names)
      .def("state", &state)
      .def("late", &Reader::late, "slot"_a)
      .def("changed", &changed, "cursor"_a)
      .def("live", &live, "slots"_a)
      .def("sample", &sample, "slot"_a)
      .def("window", &Reader::window, "slot"_a, "start_ns"_a, "end_ns"_a, "columns"_a, "exact"_a)
      .def("raw", &raw, "slot"_a, "start_ns"_a, "end_ns"_a, "limit"_a)
      .def("statistics", &statistics, "slot"_a, "start_ns"_a, "end_ns"_a)
      .def("usage", &usage_of)
      .def(
          "save_checkpoint",
          [](const Reader& self, const std::string& path) {
            const nb::gil_scoped_release others;
            return save_checkpoint(self, path);
          },
          "path"_a)
      .def("coverage", &coverage, "slot"_a);
}

}  // namespace haihe::trend
