#include "haihe/trend/reader.hpp"

#include <stdexcept>

#include "restored.hpp"
#include "snapshot.hpp"

namespace haihe::trend {
namespace {

// Far longer than one record takes to write; beyond it the writer died or sleeps inside the record.
constexpr int kLiveAttempts = 10000;

bool try_live(const LiveRecord& record, LiveSample& into) {
  into.sequence = load(record.sequence, std::memory_order_acquire);
  if ((into.sequence & 1U) != 0) return false;
  into.source_ns = load(record.source_ns);
  into.receive_ns = load(record.receive_ns);
  into.status = load(record.status);
  into.value.kind = static_cast<Kind>(load(record.kind));
  into.value.number = load(record.value);
  into.value.exact = load(record.exact);
  into.value.text.clear();
  if (into.value.kind == Kind::text) {
    const std::size_t length = std::min<std::size_t>(load(record.text_length), kTextBytes);
    into.value.text.resize(length);
    for (std::size_t i = 0; i < length; ++i) into.value.text[i] = load(record.text[i]);
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  return load(record.sequence) == into.sequence;
}

// The newest whole ring sample stands in for a live record that its writer never finished.
LiveSample live_from_ring(const View& view, std::uint32_t slot) {
  return consistent(view, slot, [](Snapshot& rings) {
    LiveSample result;
    if (rings.head() == 0) return result;
    rings.touch(0, rings.head() - 1);
    const RawSample item = rings.sample(rings.head() - 1);
    result.source_ns = result.receive_ns = item.t_ns;
    const Restored found = restored(item);
    result.value = found.value;
    result.status = found.status;
    result.sequence = rings.head();
    return result;
  });
}

}  // namespace

Reader::Reader(const std::string& path)
    : path_(path), file_(SharedFile::open(path, SharedFile::Access::read)) {
  if (!file_.is_open()) throw StoreProblem("there is no trend store " + path);
  if (file_.size() < sizeof(Header)) throw DamagedFile("trend store " + path + " is truncated");
  file_.map();
  try {
    view_ = check_layout(file_.data(), file_.mapped_size());
  } catch (const DamagedFile& error) {
    throw DamagedFile("trend store " + path + " is unusable: " + error.what());
  }
}

void Reader::close() {
  view_ = View();
  file_ = SharedFile();
}

void Reader::check_open() const {
  if (!file_.is_open()) throw StoreProblem("trend store " + path_ + " is closed");
  if (!file_.is_whole()) throw StoreProblem("trend store " + path_ + " was truncated while it was open");
}

void Reader::check(std::uint32_t slot) const {
  check_open();
  check_slot(slot);
}

void Reader::check_slot(std::uint32_t slot) const {
  if (!file_.is_open()) throw StoreProblem("trend store " + path_ + " is closed");
  if (slot >= view_.slot_count) throw std::out_of_range("no such slot");
}

bool Reader::is_current() const {
  return file_.is_open() && file_.is_whole() &&
         load(view_.header->state) == static_cast<std::uint64_t>(FileState::ready) && file_.is_at(path_);
}

std::uint64_t Reader::changed(std::uint64_t cursor, std::vector<std::uint32_t>& slots) const {
  check_open();
  const std::uint32_t count = view_.slot_count;
  slots.resize(count);
  if (count == 0) return cursor;
  // Read first: what changes during the scan is then above the cursor returned, and comes again next time.
  const std::uint64_t next = load(view_.header->change_sequence, std::memory_order_acquire);
  if (cursor == 0 || cursor > next) {
    for (std::uint32_t slot = 0; slot < count; ++slot) slots[slot] = slot;
    return next;
  }
  std::size_t found = 0;
  if (cursor != next) {
    for (std::uint32_t slot = 0; slot < count; ++slot) {
      slots[found] = slot;
      found += load(view_.changes[slot]) > cursor ? 1 : 0;
    }
  }
  slots.resize(found);
  std::atomic_thread_fence(std::memory_order_acquire);
  return next;
}

std::uint64_t Reader::late(std::uint32_t slot) const {
  check(slot);
  return load(view_.late[slot]);
}

LiveSample Reader::live(std::uint32_t slot) const {
  check_slot(slot);
  LiveSample result;
  for (int attempt = 0; attempt < kLiveAttempts; ++attempt) {
    if (try_live(view_.live[slot], result)) return result;
  }
  return live_from_ring(view_, slot);
}

Samples Reader::raw(std::uint32_t slot, std::int64_t start, std::int64_t end, std::uint64_t limit) const {
  check(slot);
  return consistent(view_, slot, [&](Snapshot& rings) {
    Samples out;
    const std::uint64_t floor = rings.floor(0);
    std::uint64_t at = rings.find(0, floor, rings.end(0), start);
    out.complete = floor == 0 || at > floor;
    for (; at < rings.end(0); ++at) {
      const RawSample item = rings.sample(at);
      if (item.t_ns > end) break;
      if (out.t_ns.size() == limit) {
        out.truncated = true;
        break;
      }
      out.t_ns.push_back(item.t_ns);
      out.value.push_back(item.value);
      out.status.push_back(item.status);
    }
    return out;
  });
}

Coverage Reader::coverage(std::uint32_t slot) const {
  check(slot);
  return consistent(view_, slot, [](Snapshot& rings) {
    Coverage out;
    out.appended = rings.head();
    if (rings.head() == 0) return out;
    out.newest_ns = rings.first_ns(0, rings.head() - 1);
    out.raw_from_ns = out.from_ns = out.newest_ns;
    for (std::uint32_t level = 0; level <= rings.coarsest(); ++level) {
      if (rings.floor(level) >= rings.end(level)) continue;
      rings.touch(level, rings.floor(level));
      const std::int64_t first = rings.first_ns(level, rings.floor(level));
      if (level == 0) out.raw_from_ns = first;
      out.from_ns = std::min(out.from_ns, first);
    }
    return out;
  });
}

}  // namespace haihe::trend
