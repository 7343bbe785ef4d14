#include "haihe/trend/writer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "bucket.hpp"
#include "haihe/trend/errors.hpp"

namespace haihe::trend {
namespace {

constexpr std::size_t kPrefetch = 12;

inline void begin_live(LiveRecord& live) {
  store(live.sequence, live.sequence + 1);
  std::atomic_thread_fence(std::memory_order_release);
}

inline void write_live(LiveRecord& live, std::int64_t source_ns, std::int64_t receive_ns, double value,
                       std::int64_t exact, std::uint32_t status, Kind kind, std::uint8_t length) {
  store(live.source_ns, source_ns);
  store(live.receive_ns, receive_ns);
  store(live.value, value);
  store(live.exact, exact);
  store(live.status, status);
  store(live.kind, static_cast<std::uint8_t>(kind));
  store(live.text_length, length);
}

void refuse(const View& view, std::uint32_t slot, std::int64_t source_ns) {
  Header& header = *view.header;
  if (source_ns < 0 || source_ns > kMaxTime) {
    store(header.rejected_total, header.rejected_total + 1);
    return;
  }
  store(header.late_total, header.late_total + 1);
  store(view.late[slot], view.late[slot] + 1);
}

// What a number in a column is in truth: exact only where it fits.
inline Kind kind_of(double value, Kind wanted) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (wanted == Kind::integer && std::trunc(value) == value && std::abs(value) <= kExact) return wanted;
  if (wanted == Kind::boolean && (value == 0.0 || value == 1.0)) return wanted;
  return Kind::real;
}

inline void end_live(LiveRecord& live) { store(live.sequence, live.sequence + 1, std::memory_order_release); }

}  // namespace

Writer::Writer(const std::string& path, const std::vector<SlotSpec>& slots, std::int64_t now_ns,
               const std::string& checkpoint)
    : path_(path), checkpoint_(checkpoint) {
  open_or_make(slots, now_ns);
}

Writer::~Writer() { close(); }

void Writer::close() {
  if (!file_.is_open()) return;
  store(view_.header->writer_pid, std::uint64_t{0});
  store(view_.header->clean, std::uint64_t{1}, std::memory_order_release);
  file_ = SharedFile();
  cursors_.clear();
}

void Writer::check_open() const {
  if (!file_.is_open()) throw StoreProblem("trend store is closed");
}

inline bool Writer::push(std::uint32_t slot, Cursor& at, std::int64_t source_ns, double value,
                         std::uint32_t status, Kind kind) {
  if (source_ns < at.newest_ns || source_ns > kMaxTime) [[unlikely]] {
    refuse(view_, slot, source_ns);
    return false;
  }
  LiveRecord& live = view_.live[slot];
  const std::uint64_t index = at.head;
  store(live.reserve, index + 1);
  std::atomic_thread_fence(std::memory_order_release);  // readers see the claim before any word of the item
  at.ring.put(at.position, source_ns, value, word_of(status, kind));
  if ((index & (kSampleFanOut - 1)) == 0 && index != 0) close_buckets(view_.rings[slot], index);
  store(live.head, index + 1, std::memory_order_release);
  at.head = index + 1;
  at.newest_ns = source_ns;
  at.position = at.position + 1 == at.capacity ? 0 : at.position + 1;
  return true;
}

// Asks for what an append to this slot will touch.
inline void Writer::prefetch(std::uint32_t slot) const {
  const Cursor& at = cursors_[slot];
  const std::byte* item = at.ring.at(at.position);
  __builtin_prefetch(&view_.live[slot], 1);
  __builtin_prefetch(item, 1);
  __builtin_prefetch(item + kRawSize - 1, 1);  // of three samples one lies in two lines
  if ((at.head & (kSampleFanOut - 1)) == 0 && at.head != 0) prefetch_closing(slot, at);
}

// The same where the sample closes buckets: the 16 samples before it, the buckets, the children of the
// coarser.
void Writer::prefetch_closing(std::uint32_t slot, const Cursor& at) const {
  const std::byte* first = at.ring.at(
      at.position >= kSampleFanOut ? at.position - kSampleFanOut : at.position + at.capacity - kSampleFanOut);
  for (std::size_t line = 0; line < kSampleFanOut * kRawSize; line += kLine) {
    __builtin_prefetch(first + line);
  }
  const Rings& rings = view_.rings[slot];
  for (std::uint32_t level = 1; level < rings.level_count; ++level) {
    if ((at.head & ((std::uint64_t{1} << level_bits(level)) - 1)) != 0) return;
    const std::uint64_t index = (at.head >> level_bits(level)) - 1;
    if (level > 1) {
      const auto* child = &rings.bucket(level - 1, index << child_bits(level));
      for (std::uint32_t i = 0; i + 1 < kBucketFanOut; ++i) __builtin_prefetch(child + i);
    }
    __builtin_prefetch(&rings.bucket(level, index), 1);
  }
}

bool Writer::append(std::uint32_t slot, std::int64_t source_ns, const LiveValue& value, std::uint32_t status,
                    std::int64_t receive_ns) {
  check_open();
  if (slot >= view_.slot_count) throw std::out_of_range("no such slot");
  if (value.text.size() > kTextBytes) throw std::invalid_argument("text longer than 63 bytes");
  status = code_of(status);
  if (!push(slot, cursors_[slot], source_ns, value.number, status, value.kind)) return false;
  LiveRecord& live = view_.live[slot];
  begin_live(live);
  write_live(live, source_ns, receive_ns, value.number, value.exact, status, value.kind,
             static_cast<std::uint8_t>(value.text.size()));
  for (std::size_t i = 0; i < value.text.size(); ++i) store(live.text[i], value.text[i]);
  end_live(live);
  const std::uint64_t sequence = view_.header->change_sequence + 1;
  store(view_.changes[slot], sequence, std::memory_order_release);
  store(view_.header->change_sequence, sequence, std::memory_order_release);
  return true;
}

std::uint64_t Writer::append_batch(std::span<const std::uint32_t> slots,
                                   std::span<const std::int64_t> source_ns, std::span<const double> values,
                                   std::span<const std::uint32_t> status, std::int64_t receive_ns,
                                   std::span<const Kind> kinds) {
  check_open();
  const std::size_t count = slots.size();
  if (source_ns.size() != count || values.size() != count || status.size() != count ||
      (!kinds.empty() && kinds.size() != count)) {
    throw std::invalid_argument("arrays of a batch differ in length");
  }
  std::uint32_t highest = 0;
  for (const std::uint32_t slot : slots) highest = std::max(highest, slot);
  if (count != 0 && highest >= view_.slot_count) throw std::out_of_range("no such slot");
  const std::uint64_t sequence = view_.header->change_sequence + 1;
  const std::size_t ahead = count > kPrefetch ? count - kPrefetch : 0;
  std::uint64_t refused = 0;
  for (std::size_t i = 0; i < count;) {
    const std::uint32_t slot = slots[i];
    Cursor& cursor = cursors_[slot];
    std::size_t newest = i;
    Kind newest_kind = Kind::real;
    const auto kind_at = [&](std::size_t at) {
      return kinds.empty() ? Kind::real : kind_of(values[at], kinds[at]);
    };
    if (i + 1 == count || slots[i + 1] != slot) {
      if (i < ahead) prefetch(slots[i + kPrefetch]);
      newest_kind = kind_at(i);
      ++i;
      if (!push(slot, cursor, source_ns[newest], values[newest], code_of(status[newest]), newest_kind)) {
        ++refused;
        continue;
      }
    } else {
      // neighbours of one slot share a cursor in registers, and the live record: it tells the newest
      Cursor at = cursor;
      do {
        if (i < ahead && slots[i + kPrefetch] != slot) prefetch(slots[i + kPrefetch]);
        const Kind kind = kind_at(i);
        if (push(slot, at, source_ns[i], values[i], code_of(status[i]), kind)) {
          newest = i;
          newest_kind = kind;
        } else {
          ++refused;
        }
        ++i;
      } while (i < count && slots[i] == slot);
      if (at.head == cursor.head) continue;
      cursor = at;
    }
    LiveRecord& live = view_.live[slot];
    begin_live(live);
    const std::int64_t exact = newest_kind == Kind::real ? 0 : static_cast<std::int64_t>(values[newest]);
    write_live(live, source_ns[newest], receive_ns, values[newest], exact, code_of(status[newest]),
               newest_kind, 0);
    end_live(live);
    store(view_.changes[slot], sequence, std::memory_order_release);
  }
  store(view_.header->change_sequence, sequence, std::memory_order_release);
  return refused;
}

void Writer::heartbeat(std::int64_t now_ns) {
  check_open();
  store(view_.header->heartbeat_ns, now_ns, std::memory_order_release);
}

}  // namespace haihe::trend
