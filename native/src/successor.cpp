#include "haihe/trend/successor.hpp"

#include <algorithm>
#include <unordered_map>

#include "bucket.hpp"
#include "generation.hpp"
#include "haihe/trend/errors.hpp"
#include "saved_slot.hpp"

namespace haihe::trend {
namespace {

// Word by word, because the writer may be in the middle of one.
void copy_words(std::byte* to, const std::byte* from, std::uint64_t bytes) {
  auto* into = reinterpret_cast<std::uint64_t*>(to);
  const auto* out_of = reinterpret_cast<const std::uint64_t*>(from);
  for (std::uint64_t at = 0; at < bytes / sizeof *into; ++at) into[at] = load(out_of[at]);
}

bool same_rings(const Rings& a, const Rings& b) {
  return a.level_count == b.level_count &&
         std::equal(a.capacity.begin(), a.capacity.begin() + a.level_count, b.capacity.begin());
}

// A ring that cannot be read in any number of tries, though one writer alone writes it, has numbers
// without sense.
SlotCopy copy_or_damage(const Reader& from, std::uint32_t slot, const View& to, std::uint32_t number) {
  try {
    return copy_resized(from, slot, to, number);
  } catch (const DamagedFile&) {
    throw;
  } catch (const StoreProblem& error) {
    throw DamagedFile(error.what());
  }
}

}  // namespace

Successor::Successor(const std::string& path, const std::vector<SlotSpec>& slots, std::int64_t now_ns)
    : building_(path + ".new"), old_(path), file_(SharedFile::create(building_, file_size(slots))) {
  try {
    const std::uint64_t before = old_.view().header->generation;
    write_layout(file_.data(), slots, new_generation(now_ns, before), now_ns);
    view_ = check_layout(file_.data(), file_.mapped_size());
    std::unordered_map<std::string_view, std::uint32_t> by_name;
    for (std::uint32_t slot = 0; slot < old_.view().slot_count; ++slot)
      by_name.emplace(old_.view().name(slot), slot);
    origins_.resize(view_.slot_count);
    for (std::uint32_t slot = 0; slot < view_.slot_count; ++slot) {
      const auto found = by_name.find(view_.name(slot));
      if (found == by_name.end()) continue;
      Origin& origin = origins_[slot];
      origin.slot = found->second;
      origin.is_kept = true;
      origin.is_same = same_rings(view_.rings[slot], old_.view().rings[origin.slot]);
      copy(origin, slot);
    }
  } catch (...) {
    remove_file(building_);
    throw;
  }
}

Successor::~Successor() { close(); }

void Successor::close() {
  if (file_.is_open() && !is_taken_) remove_file(building_);
  file_ = SharedFile();
  old_.close();
}

std::uint32_t Successor::kept() const {
  return static_cast<std::uint32_t>(
      std::count_if(origins_.begin(), origins_.end(), [](const Origin& each) { return each.is_kept; }));
}

std::uint32_t Successor::partial() const {
  return static_cast<std::uint32_t>(std::count_if(
      origins_.begin(), origins_.end(), [](const Origin& each) { return each.is_kept && !each.is_whole; }));
}

// Of a slot with the same rings the items that the writer was at are torn: they have numbers from `seen` on,
// and are appended later.
void Successor::copy(Origin& origin, std::uint32_t slot) {
  if (!origin.is_same) {
    const SlotCopy copied = copy_or_damage(old_, origin.slot, view_, slot);
    origin.seen = copied.seen;
    origin.is_whole = copied.is_whole;
    origin.made = view_.live[slot].head;
    return;
  }
  const Rings& from = old_.view().rings[origin.slot];
  origin.seen = origin.made = load(old_.view().live[origin.slot].head, std::memory_order_acquire);
  copy_words(view_.rings[slot].raw.data(), from.raw.data(),
             region_size(view_.descriptors[slot].capacity, from.level_count));
}

// `old` is the same store in the hands of its writer, which does not write meanwhile.
void Successor::follow(const View& old) {
  Header& header = *view_.header;
  header.change_sequence = old.header->change_sequence + 1;
  header.late_total = old.header->late_total;
  header.rejected_total = old.header->rejected_total;
  for (std::uint32_t slot = 0; slot < view_.slot_count; ++slot) {
    Origin& origin = origins_[slot];
    if (!origin.is_kept) continue;
    const Rings& from = old.rings[origin.slot];
    const Rings& rings = view_.rings[slot];
    const LiveRecord& live = old.live[origin.slot];
    if (live.head - origin.seen >= from.capacity[0]) copy(origin, slot);  // lapped
    for (; origin.seen < live.head; ++origin.seen, ++origin.made) {
      rings.raw.put(origin.made % rings.capacity[0], from.sample(origin.seen));
      if (origin.made != 0 && origin.made % kSampleFanOut == 0) close_buckets(rings, origin.made);
    }
    view_.live[slot] = live;
    view_.live[slot].head = view_.live[slot].reserve = origin.made;
    view_.late[slot] = old.late[origin.slot];
    view_.changes[slot] = header.change_sequence;
  }
}

}  // namespace haihe::trend
