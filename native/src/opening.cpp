// How a writer comes to its store: take over, repair, rebuild for a new layout, or set aside and start anew.
#include <algorithm>
#include <utility>

#include "generation.hpp"
#include "haihe/trend/checkpoint.hpp"
#include "haihe/trend/errors.hpp"
#include "haihe/trend/successor.hpp"
#include "haihe/trend/writer.hpp"
#include "restored.hpp"

namespace haihe::trend {

std::uint64_t new_generation(std::int64_t now_ns, std::uint64_t before) {
  std::uint64_t mixed = static_cast<std::uint64_t>(now_ns) * 0x9E3779B97F4A7C15ULL;
  mixed ^= before * 0xA0761D6478BD642FULL;
  mixed ^= process_id() << 40;
  mixed ^= process_start() * 0xD1342543DE82EF95ULL;
  return (mixed ^ mixed >> 31) | 1;
}

namespace {

bool same_rings(const View& view, std::uint32_t slot, const SlotSpec& spec) {
  const Rings& rings = view.rings[slot];
  return rings.level_count == spec.capacities.size() &&
         std::equal(spec.capacities.begin(), spec.capacities.end(), rings.capacity.begin());
}

bool same_layout(const View& view, const std::vector<SlotSpec>& slots) {
  if (view.slot_count != slots.size()) return false;
  for (std::uint32_t slot = 0; slot < view.slot_count; ++slot) {
    if (view.name(slot) != slots[slot].name || !same_rings(view, slot, slots[slot])) return false;
  }
  return true;
}

bool agrees(const LiveRecord& live, const RawSample& newest) {
  return live.source_ns == newest.t_ns && live.status == newest.status &&
         live.kind == static_cast<std::uint8_t>(newest.kind) &&
         std::bit_cast<std::uint64_t>(live.value) == std::bit_cast<std::uint64_t>(newest.value);
}

// A live record that was half written, or not written, is made again from the newest ring sample: under the
// sequence lock, because readers look at it all the while.
void restore_live(const View& view, std::uint32_t slot) {
  LiveRecord& live = view.live[slot];
  const RawSample last = view.rings[slot].sample(live.head - 1);
  const Restored found = restored(last);
  if ((live.sequence & 1U) == 0) store(live.sequence, live.sequence + 1);
  std::atomic_thread_fence(std::memory_order_release);
  store(live.source_ns, last.t_ns);
  store(live.receive_ns, last.t_ns);
  store(live.value, found.value.number);
  store(live.exact, found.value.exact);
  store(live.status, found.status);
  store(live.kind, static_cast<std::uint8_t>(found.value.kind));
  store(live.text_length, std::uint8_t{0});
}

// Before anyone can find the file: who opens it must see that its writer lives.
void claim(Header& header, std::int64_t now_ns) {
  store(header.clean, std::uint64_t{0});
  store(header.writer_start, process_start());
  store(header.writer_pid, process_id());
  store(header.heartbeat_ns, now_ns);
}

}  // namespace

void Writer::open_or_make(const std::vector<SlotSpec>& slots, std::int64_t now_ns) {
  (void)file_size(slots);  // a wrong request must fail before anything on disk is touched
  if (!try_existing(slots, now_ns)) make(slots, now_ns);
}

bool Writer::try_existing(const std::vector<SlotSpec>& slots, std::int64_t now_ns) {
  file_ = SharedFile::open(path_, SharedFile::Access::write);
  if (!file_.is_open()) return false;
  if (!file_.try_lock()) {
    Header header{};
    const bool known = file_.read_start(std::as_writable_bytes(std::span(&header, 1))) == sizeof header;
    throw StoreProblem("trend store " + path_ + " is already written by process " +
                       (known && header.writer_pid != 0 ? std::to_string(header.writer_pid) : "(unknown)"));
  }
  if (!file_.is_at(path_))
    throw StoreProblem("trend store " + path_ + " was replaced by another writer just now");
  try {
    if (file_.size() < sizeof(Header)) throw DamagedFile("truncated");
    file_.map();
    view_ = check_layout(file_.data(), file_.mapped_size());
  } catch (const DamagedFile& error) {
    put_aside(error);
    return false;
  }
  if (view_.header->clean == 0) repair();
  if (same_layout(view_, slots)) {
    remove_left(path_ + ".new");  // of a writer that was killed before it took another layout
    claim(*view_.header, now_ns);
    place_cursors();
    return true;
  }
  try {
    Successor next(path_, slots, now_ns);
    succeed(next, now_ns);
  } catch (const DamagedFile& error) {  // in its rings: a copy looks at what a reader would only skip
    put_aside(error);
    return false;
  }
  return true;
}

void Writer::put_aside(const DamagedFile& error) {
  const std::string aside = set_aside(path_);
  messages_.push_back("trend store " + path_ + " is unusable (" + error.what() + "); set aside as " + aside);
  file_ = SharedFile();
}

void Writer::succeed(Successor& next, std::int64_t now_ns) {
  check_open();
  if (!next.file_.is_open() || next.is_taken_ ||
      next.old_.view().header->generation != view_.header->generation)
    throw StoreProblem("the new layout of trend store " + path_ + " was made of another store");
  next.follow(view_);
  claim(*next.view_.header, now_ns);
  rename_file(next.building_, path_);
  std::string text = "layout changed: " + std::to_string(next.kept()) + " of " +
                     std::to_string(next.slot_count()) + " slots keep their samples";
  if (next.partial() != 0)
    text +=
        "; " + std::to_string(next.partial()) + " of them raw samples only, because their retention changed";
  messages_.push_back(text);
  std::swap(file_, next.file_);  // it lets the former one go: that takes its time for gigabytes
  std::swap(view_, next.view_);
  next.is_taken_ = true;
  place_cursors();
  store(next.view_.header->state, static_cast<std::uint64_t>(FileState::retired), std::memory_order_release);
}

void Writer::make(const std::vector<SlotSpec>& slots, std::int64_t now_ns) {
  const std::string building = path_ + ".new";
  SharedFile file = SharedFile::create(building, file_size(slots));
  // Whoever else found nothing at the path has made the store since, or fails at the file that we are making.
  if (SharedFile::open(path_, SharedFile::Access::read).is_open())
    throw StoreProblem("trend store " + path_ + " was made by another writer just now");
  write_layout(file.data(), slots, new_generation(now_ns, 0), now_ns);
  View view = check_layout(file.data(), file.mapped_size());
  if (!checkpoint_.empty()) restore(view, checkpoint_);
  claim(*view.header, now_ns);
  rename_file(building, path_);
  file_ = std::move(file);
  view_ = std::move(view);
  place_cursors();
}

void Writer::restore(const View& view, const std::string& checkpoint) {
  try {
    const RestoredSlots found = restore_checkpoint(view, checkpoint);
    if (found.whole + found.partial == 0) return;
    std::string text = std::to_string(found.whole + found.partial) + " of " +
                       std::to_string(view.slot_count) + " slots restored from checkpoint " + checkpoint;
    if (found.partial != 0)
      text +=
          "; " + std::to_string(found.partial) + " with raw samples only, because their retention changed";
    messages_.push_back(text);
  } catch (const DamagedFile& error) {
    const std::string aside = set_aside(checkpoint);
    messages_.push_back("checkpoint " + checkpoint + " is unusable (" + error.what() + "); set aside as " +
                        aside);
  } catch (const StoreProblem& error) {
    messages_.push_back("checkpoint " + checkpoint + " cannot be read: " + error.what());
  }
}

// Whole samples only are published, and every bucket is written before the head that completes it; so after a
// kill it is enough to make half-written live records again. A reservation stays, for it never goes back: a
// reader that began before the kill must still see that the oldest item was being overwritten.
void Writer::repair() {
  std::uint64_t repaired = 0;
  for (std::uint32_t slot = 0; slot < view_.slot_count; ++slot) {
    LiveRecord& live = view_.live[slot];
    const bool unpublished = live.reserve != live.head;
    const bool stale = live.head != 0 && !agrees(live, view_.rings[slot].sample(live.head - 1));
    const bool torn = (live.sequence & 1U) != 0;
    if ((stale || torn) && live.head != 0) restore_live(view_, slot);
    if ((live.sequence & 1U) != 0) store(live.sequence, live.sequence + 1, std::memory_order_release);
    // The writer may have died between a record and its change sequence: everything counts as changed.
    store(view_.changes[slot], view_.header->change_sequence + 1, std::memory_order_release);
    repaired += unpublished || stale || torn ? 1 : 0;
  }
  store(view_.header->change_sequence, view_.header->change_sequence + 1, std::memory_order_release);
  messages_.push_back("the last writer did not close the trend store; " + std::to_string(repaired) +
                      " slots repaired");
}

void Writer::place_cursors() {
  cursors_.resize(view_.slot_count);
  for (std::uint32_t slot = 0; slot < view_.slot_count; ++slot) {
    const LiveRecord& live = view_.live[slot];
    const Rings& rings = view_.rings[slot];
    cursors_[slot] = {rings.raw, live.head, live.head != 0 ? live.source_ns : 0, rings.capacity[0],
                      static_cast<std::uint32_t>(live.head % rings.capacity[0])};
  }
}

}  // namespace haihe::trend
