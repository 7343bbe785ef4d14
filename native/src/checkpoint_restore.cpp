#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "bucket.hpp"
#include "coding.hpp"
#include "haihe/trend/checkpoint.hpp"
#include "haihe/trend/shared_file.hpp"
#include "restored.hpp"
#include "saved_slot.hpp"

namespace haihe::trend {
namespace {

constexpr std::uint64_t kMaxHead = std::uint64_t{1} << 56;
constexpr std::size_t kHeadBytes = 24, kSumBytes = 8;
constexpr std::uint32_t kFirstVersion = 1;
constexpr std::uint32_t kSavedLevels = 2 * kMaxLevels;

// The level that a level of a checkpoint is: version 1 had only every second one.
constexpr std::uint32_t level_of(std::uint32_t saved, std::uint32_t version) {
  return version == kFirstVersion && saved != 0 ? 2 * saved - 1 : saved;
}

void require(bool ok, const char* what) {
  if (!ok) throw DamagedFile(what);
}

// One slot as it was saved.
struct Saved {
  std::string_view name;
  std::uint64_t late = 0, head = 0;
  std::int64_t source_ns = 0, receive_ns = 0;
  std::uint32_t status = 0;
  LiveValue value;
  std::array<bool, kSavedLevels> has{};
  std::array<std::uint64_t, kSavedLevels> first{};
  std::vector<RawSample> raw;
  std::array<std::vector<Bucket>, kSavedLevels> buckets;
};

void get_samples(Decoder& in, std::uint32_t count, Saved& slot) {
  std::uint64_t time = 0, step = 0;
  RawSample item{};
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto same = in.get<std::uint8_t>();
    if ((same & 1U) == 0) item.status = code_of(in.get<std::uint32_t>());
    item.kind = static_cast<Kind>(same >> 2 & 7U);
    step += in.zigzag();
    require(i == 0 || step <= static_cast<std::uint64_t>(kMaxTime), "samples out of order");
    time += step;
    require(time <= static_cast<std::uint64_t>(kMaxTime), "a time out of range");
    item.t_ns = static_cast<std::int64_t>(time);
    if ((same & 2U) == 0) item.value = in.get<double>();
    slot.raw.push_back(item);
  }
}

void get_buckets(Decoder& in, std::uint32_t level, std::uint32_t count, Saved& slot) {
  std::uint64_t time = 0;
  std::uint32_t status = 0;
  constexpr auto kLatest = static_cast<std::uint64_t>(kMaxTime);
  for (std::uint32_t i = 0; i < count; ++i) {
    Bucket item{};
    const auto same = in.get<std::uint8_t>();
    const std::uint64_t gap = in.varint(), length = in.varint(), good = in.varint();
    require(gap <= kLatest - time && length <= kLatest - time - gap && good <= kLatest,
            "a time out of range");
    item.first_ns = static_cast<std::int64_t>(time + gap);
    item.last_ns = static_cast<std::int64_t>(time += gap + length);
    item.good_ns = static_cast<std::int64_t>(good);
    item.count = (same & 4U) != 0 ? 1U << level_bits(level) : static_cast<std::uint32_t>(in.varint());
    if ((same & 1U) == 0) status = in.get<std::uint32_t>();
    item.status = status;
    item.minimum = in.get<double>(), item.maximum = in.get<double>();
    item.last = in.get<double>(), item.area = in.get<double>();
    slot.buckets[level].push_back(item);
  }
}

Saved get_slot(Decoder& in, std::uint32_t version) {
  Saved slot;
  slot.name = in.text();
  const auto level_count = in.get<std::uint8_t>();
  require(level_count >= 1 && level_count <= kMaxLevels, "a slot without levels");
  std::array<std::uint32_t, kMaxLevels> capacity{};
  for (std::uint32_t level = 0; level < level_count; ++level) capacity[level] = in.get<std::uint32_t>();
  slot.late = in.get<std::uint64_t>();
  slot.source_ns = in.get<std::int64_t>();
  slot.receive_ns = in.get<std::int64_t>();
  slot.value.number = in.get<double>();
  slot.value.exact = in.get<std::int64_t>();
  slot.status = in.get<std::uint32_t>();
  const auto kind = in.get<std::uint8_t>();
  slot.value.kind = static_cast<Kind>(kind);
  slot.value.text = in.text();
  require(kind <= static_cast<std::uint8_t>(Kind::natural) && slot.value.text.size() <= kTextBytes,
          "an unknown kind of value");
  slot.head = in.get<std::uint64_t>();
  require(slot.head <= kMaxHead, "more samples than possible");
  for (std::uint32_t saved = level_count; saved-- > 0;) {
    const std::uint32_t level = level_of(saved, version);
    slot.has[level] = true;
    slot.first[level] = in.get<std::uint64_t>();
    const auto count = in.get<std::uint32_t>();
    const std::uint64_t done = closed(level, slot.head);
    require(count <= capacity[saved] && slot.first[level] <= done && done - slot.first[level] == count,
            "levels that disagree");
    level == 0 ? get_samples(in, count, slot) : get_buckets(in, level, count, slot);
  }
  require(slot.head == 0 || !slot.raw.empty(), "levels that disagree");
  return slot;
}

// Whether all that a reader would look for at this head was saved, or can be made from the level below.
bool fits(const Saved& slot, const Rings& rings) {
  std::uint64_t below = 0;
  for (std::uint32_t level = 0; level < rings.level_count; ++level) {
    const std::uint64_t needed = floor_of(level, slot.head, rings.capacity[level]);
    const bool there = slot.has[level] ? needed >= slot.first[level] : needed << child_bits(level) >= below;
    if (!there) return false;
    below = needed;
  }
  return true;
}

void copy_levels(const Saved& slot, const Rings& rings) {
  for (std::uint32_t level = 0; level < rings.level_count; ++level) {
    const std::uint64_t end = closed(level, slot.head);
    for (std::uint64_t at = floor_of(level, slot.head, rings.capacity[level]); at < end; ++at) {
      const std::uint64_t from = at - slot.first[level];
      if (!slot.has[level]) {
        close_bucket(rings, level, at);
      } else if (level == 0) {
        rings.raw.put(at % rings.capacity[0], slot.raw[from]);
      } else {
        rings.bucket(level, at) = slot.buckets[level][from];
      }
    }
  }
}

void append_again(const Saved& slot, const Rings& rings) {
  for (std::uint64_t at = 0; at < slot.raw.size(); ++at) {
    rings.raw.put(at % rings.capacity[0], slot.raw[at]);
    if (at != 0 && at % kSampleFanOut == 0) close_buckets(rings, at);
  }
}

bool put_slot(const Saved& slot, const View& view, std::uint32_t number) {
  const bool whole = fits(slot, view.rings[number]);
  LiveRecord& live = view.live[number];
  view.late[number] = slot.late;
  if (slot.head == 0) return true;
  whole ? copy_levels(slot, view.rings[number]) : append_again(slot, view.rings[number]);
  live.head = live.reserve = whole ? slot.head : slot.raw.size();
  const RawSample& newest = slot.raw.back();
  const bool agrees =
      slot.source_ns == newest.t_ns && slot.status == newest.status && slot.value.kind == newest.kind &&
      std::bit_cast<std::uint64_t>(slot.value.number) == std::bit_cast<std::uint64_t>(newest.value);
  const Restored found = agrees ? Restored{slot.value, slot.status} : restored(newest);
  live.source_ns = newest.t_ns;
  live.receive_ns = agrees ? slot.receive_ns : newest.t_ns;
  live.value = found.value.number;
  live.exact = found.value.exact;
  live.status = found.status;
  live.kind = static_cast<std::uint8_t>(found.value.kind);
  live.text_length = static_cast<std::uint8_t>(found.value.text.size());
  std::copy(found.value.text.begin(), found.value.text.end(), live.text);
  view.changes[number] = view.header->change_sequence;
  return whole;
}

std::string_view checked(const SharedFile& file) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.mapped_size());
  require(bytes.substr(0, 8) == std::string_view(kCheckpointMagic, 8), "not a checkpoint");
  Decoder head(bytes.substr(8));
  const auto version = head.get<std::uint32_t>();
  require(version == kCheckpointVersion || version == kFirstVersion, "of another version");
  require(head.get<std::uint32_t>() == kByteOrder, "written on a machine of another byte order");
  Checksum sum;
  sum.add(bytes.data(), bytes.size() - kSumBytes);
  require(Decoder(bytes.substr(bytes.size() - kSumBytes)).get<std::uint64_t>() == sum.value(),
          "its checksum is wrong");
  return bytes.substr(0, bytes.size() - kSumBytes);
}

}  // namespace

SlotCopy copy_resized(const Reader& from, std::uint32_t slot, const View& to, std::uint32_t number) {
  Encoder words;
  save_slot(words, from, slot);
  Decoder in(words.bytes());
  const Saved saved = get_slot(in, kCheckpointVersion);
  return {saved.head, put_slot(saved, to, number)};
}

RestoredSlots restore_checkpoint(const View& view, const std::string& path) {
  SharedFile file = SharedFile::open(path, SharedFile::Access::read);
  RestoredSlots result;
  if (!file.is_open()) return result;
  require(file.size() >= kHeadBytes + kSumBytes, "truncated");
  file.map();
  const std::string_view bytes = checked(file);
  std::unordered_map<std::string_view, std::uint32_t> by_name;
  for (std::uint32_t slot = 0; slot < view.slot_count; ++slot) by_name.emplace(view.name(slot), slot);
  const auto version = Decoder(bytes.substr(8)).get<std::uint32_t>();
  const auto count = Decoder(bytes.substr(16)).get<std::uint32_t>();
  for (const bool dry : {true, false}) {
    Decoder in(bytes.substr(kHeadBytes));
    for (std::uint32_t i = 0; i < count; ++i) {
      const Saved slot = get_slot(in, version);
      const auto found = by_name.find(slot.name);
      if (dry || found == by_name.end()) continue;
      ++(put_slot(slot, view, found->second) ? result.whole : result.partial);
    }
    require(in.at_end(), "longer than its content");
  }
  return result;
}

}  // namespace haihe::trend
