// Samples out of order or with an unusable time: refused, counted, and without a trace in the rings.
#include <limits>

#include "check.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

const std::vector<SlotSpec> kSlots = {{"a", {64, 64}}, {"b", {64, 64}}};

void one_by_one(Writer& writer, const Reader& reader) {
  CHECK(writer.append(0, 100, real(1), 0, 0));
  CHECK(writer.append(0, 100, real(2), 0, 0));  // an equal time is in order
  CHECK(!writer.append(0, 99, real(3), 0, 0));
  CHECK(writer.append(1, 50, real(4), 0, 0));  // order is a matter of each slot
  CHECK(reader.late(0) == 1 && reader.late(1) == 0);
  CHECK(reader.view().header->late_total == 1);
  CHECK(reader.live(0).value.number == 2 && reader.coverage(0).appended == 2);
  CHECK(reader.raw(0, 0, 200, 10).value == (std::vector<double>{1, 2}));
}

void change_sequence_stands_still(Writer& writer, const Reader& reader) {
  std::vector<std::uint32_t> slots;
  const std::uint64_t cursor = reader.changed(0, slots);
  CHECK(!writer.append(0, 1, real(3), 0, 0));
  CHECK(reader.changed(cursor, slots) == cursor && slots.empty());
}

void unusable_times(Writer& writer, const Reader& reader) {
  const std::uint64_t late = reader.view().header->late_total;
  for (const std::int64_t time : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(), kMaxTime + 1,
                                  std::numeric_limits<std::int64_t>::max()}) {
    CHECK(!writer.append(0, time, real(9), 0, 0));
  }
  CHECK(reader.view().header->rejected_total == 4 && reader.view().header->late_total == late);
  CHECK(reader.live(0).value.number == 2);
}

void in_a_batch(Writer& writer, const Reader& reader) {
  const std::uint32_t slots[] = {0, 1, 0, 0, 1};
  const std::int64_t times[] = {200, 60, 199, 200, -1};
  const double values[] = {5, 6, 7, 8, 9};
  const std::uint32_t status[] = {0, 0, 0, 0, 0};
  const std::uint64_t before = reader.late(0);
  CHECK(writer.append_batch(slots, times, values, status, 0) == 2);
  CHECK(reader.late(0) == before + 1 && reader.view().header->rejected_total == 5);
  CHECK(reader.live(0).value.number == 8 && reader.live(1).value.number == 6);
  CHECK(reader.raw(0, 150, 300, 10).value == (std::vector<double>{5, 8}));
  CHECK(throws<std::invalid_argument>([&] { writer.append_batch(slots, times, values, {}, 0); }));
  const std::uint32_t wrong[] = {0, 2, 0, 0, 1};
  const std::uint64_t appended = reader.coverage(0).appended;
  CHECK(throws<std::out_of_range>([&] { writer.append_batch(wrong, times, values, status, 0); }));
  CHECK(reader.coverage(0).appended == appended);  // all or nothing
}

}  // namespace

int main(int, char** argv) {
  const std::string path = fresh(argv, "late");
  {
    Writer writer(path, kSlots, 0);
    const Reader reader(path);
    one_by_one(writer, reader);
    change_sequence_stands_still(writer, reader);
    unusable_times(writer, reader);
    in_a_batch(writer, reader);
  }
  Writer writer(path, kSlots, 0);  // the newest time and the counters outlive the writer
  CHECK(writer.messages().empty());
  CHECK(!writer.append(0, 199, real(0), 0, 0) && writer.append(0, 200, real(0), 0, 0));
  CHECK(Reader(path).late(0) == 4);
  return result();
}
