// What a writer that was killed leaves, at every step of an append, and what the next writer makes of it.
#include "check.hpp"
#include "snapshot.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

const std::vector<SlotSpec> kSlots = {{"a", {64, 64}}, {"b", {64, 64}}};

// A store of `samples` samples in slot 0, left as by a killed writer.
class Killed {
 public:
  Killed(const std::string& path, std::int64_t samples) {
    {
      Writer writer(path, kSlots, 1);
      count(writer, 1, samples);
    }
    file_ = SharedFile::open(path, SharedFile::Access::write);
    file_.map();
    view_ = check_layout(file_.data(), file_.mapped_size());
    view_.header->clean = 0;
    view_.header->writer_pid = 4711;
  }
  View* operator->() { return &view_; }

 private:
  SharedFile file_;
  View view_;
};

// A sample reserved, its ring item (the oldest of the lap before) half written.
void half_written_item(const std::string& path, std::int64_t samples) {
  {
    Killed store(path, samples);
    LiveRecord& live = store->live[0];
    ++live.reserve;
    const RawRing ring = store->rings[0].raw;
    ring.put(live.head % 64, 1 << 30, ring.value(live.head % 64), ring.word(live.head % 64));
    const Reader reader(path);  // also before any repair
    const Samples seen = reader.raw(0, 0, 1 << 20, 1000);
    CHECK(static_cast<std::int64_t>(seen.t_ns.size()) == std::min<std::int64_t>(samples, 63));
    CHECK(seen.t_ns.back() == samples);
  }
  Writer writer(path, kSlots, 2);
  CHECK(writer.messages().size() == 1 && writer.messages()[0].find("1 slots repaired") != std::string::npos);
  const Reader reader(path);
  CHECK(reader.view().live[0].head == static_cast<std::uint64_t>(samples));
  CHECK(reader.live(0).source_ns == samples);
  count(writer, samples + 1, samples + 40);
  const Samples after = reader.raw(0, samples - 10, samples + 40, 1000);
  CHECK(after.t_ns.size() == 51 && after.complete);
  for (std::size_t i = 0; i < after.t_ns.size(); ++i) {
    CHECK(after.t_ns[i] == samples - 10 + static_cast<std::int64_t>(i));
  }
}

// A reader began before the sample that was never finished, and ends after the repair: the oldest item that
// it read was being overwritten.
void repair_does_not_hide_a_half_written_item(const std::string& path) {
  Killed store(path, 101);
  const Reader reader(path);
  store->live[0].head = store->live[0].reserve = 100;
  Snapshot rings(reader.view().rings[0], reader.view().live[0], 0);
  CHECK(rings.floor(0) == 37);
  rings.touch(0, 37);
  store->live[0].head = store->live[0].reserve = 101;
  CHECK(rings.validate());
  store->live[0].reserve = 102;  // item 101 takes the place of 37
  CHECK(!rings.validate());
  store = Killed(path + "-other", 1);  // lets the first file go
  const Writer writer(path, kSlots, 2);
  CHECK(!rings.validate());
}

// Killed after the head was published and before the live record was: it comes from the ring.
void stale_live_record(const std::string& path) {
  {
    Killed store(path, 100);
    LiveRecord& live = store->live[0];
    live.source_ns = 99;
    live.value = 99;
  }
  const Reader reader(path);
  const std::uint64_t before = reader.view().live[0].sequence;
  Writer writer(path, kSlots, 2);
  CHECK(reader.view().live[0].sequence == before + 2);  // who reads it meanwhile must notice
  CHECK(reader.live(0).source_ns == 100 && reader.live(0).value.number == 100);
  CHECK(!writer.append(0, 99, real(0), 0, 0));  // still known as late
}

// Killed inside the live record: odd sequence, fields of two samples.
void torn_live_record(const std::string& path) {
  {
    Killed store(path, 100);
    ++store->live[0].sequence;
    store->live[0].value = -1;
    const Reader reader(path);
    CHECK(reader.live(0).value.number == 100);  // a reader does not wait for a dead writer
  }
  Writer writer(path, kSlots, 2);
  const Reader reader(path);
  CHECK(reader.view().live[0].sequence % 2 == 0);
  CHECK(reader.live(0).value.number == 100 && reader.live(0).value.kind == Kind::real);
}

// Between record and change sequence: readers must hear of every slot again.
void every_slot_counts_as_changed(const std::string& path) {
  Killed store(path, 10);
  const Reader reader(path);
  std::vector<std::uint32_t> slots;
  const std::uint64_t cursor = reader.changed(0, slots);
  store = Killed(path + "-other", 1);  // lets the first file go
  Writer writer(path, kSlots, 2);
  (void)reader.changed(cursor, slots);
  CHECK(slots.size() == kSlots.size());
}

void clean_store_is_left_alone(const std::string& path) {
  {
    Writer writer(path, kSlots, 1);
    count(writer, 1, 10);
  }
  const Writer writer(path, kSlots, 2);
  CHECK(writer.messages().empty());
}

}  // namespace

int main(int, char** argv) {
  for (const std::int64_t samples : {16, 63, 64, 65, 127, 128, 1024, 1025}) {
    half_written_item(fresh(argv, "repair-item"), samples);
  }
  fresh(argv, "repair-hidden-other");
  repair_does_not_hide_a_half_written_item(fresh(argv, "repair-hidden"));
  stale_live_record(fresh(argv, "repair-stale"));
  torn_live_record(fresh(argv, "repair-torn"));
  fresh(argv, "repair-changes-other");
  every_slot_counts_as_changed(fresh(argv, "repair-changes"));
  clean_store_is_left_alone(fresh(argv, "repair-clean"));
  return result();
}
