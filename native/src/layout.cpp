#include "haihe/trend/layout.hpp"

#include <cstring>
#include <stdexcept>
#include <unordered_set>

#include "haihe/trend/errors.hpp"

namespace haihe::trend {
namespace {

constexpr std::uint64_t lines(std::uint64_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

// FNV-1a over 8-byte words; guards against damage, not against malice.
std::uint64_t checksum_of(const std::byte* data, std::uint64_t bytes, std::uint64_t sum) {
  for (std::uint64_t at = 0; at + 8 <= bytes; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, 8);
    sum = (sum ^ word) * 0x100000001B3ULL;
    sum ^= sum >> 29;
  }
  return sum;
}

std::uint64_t static_checksum(const std::byte* data, const Header& header) {
  std::uint64_t sum = checksum_of(data, offsetof(Header, checksum), 0xCBF29CE484222325ULL);
  sum = checksum_of(data + header.names_offset, header.slot_count * sizeof(NameEntry), sum);
  return checksum_of(data + header.descriptors_offset, header.slot_count * sizeof(SlotDescriptor), sum);
}

struct Offsets {
  std::uint64_t names = sizeof(Header);
  std::uint64_t descriptors;
  std::uint64_t live;
  std::uint64_t changes;
  std::uint64_t late;
  std::uint64_t rings;

  explicit Offsets(std::uint64_t slots)
      : descriptors(names + slots * sizeof(NameEntry)),
        live(descriptors + slots * sizeof(SlotDescriptor)),
        changes(live + slots * sizeof(LiveRecord)),
        late(lines(changes + slots * sizeof(std::uint64_t))),
        rings(lines(late + slots * sizeof(std::uint64_t))) {}
};

const char* capacity_error(const std::uint32_t* capacity, std::uint32_t level_count) {
  if (level_count < 1 || level_count > kMaxLevels) return "a slot needs 1 to 8 levels";
  for (std::uint32_t level = 0; level < level_count; ++level) {
    if (capacity[level] < kMinCapacity || capacity[level] > kMaxCapacity)
      return "ring capacity outside 64 to 2^30";
    if (level > 0 && std::uint64_t{capacity[level]} << child_bits(level) < capacity[level - 1]) {
      return "a coarser level must reach back at least as far as the finer one";
    }
  }
  return nullptr;
}

void check_spec(const SlotSpec& spec) {
  if (spec.name.empty() || spec.name.size() > kNameBytes) {
    throw std::invalid_argument("slot name must have 1 to 127 bytes of UTF-8: '" + spec.name + "'");
  }
  const char* error =
      capacity_error(spec.capacities.data(), static_cast<std::uint32_t>(spec.capacities.size()));
  if (error != nullptr) throw std::invalid_argument(std::string(error) + ": '" + spec.name + "'");
}

void require(bool ok, const char* what) {
  if (!ok) throw DamagedFile(what);
}

void check_header(const Header& header, std::uint64_t size) {
  require(std::memcmp(header.magic, kMagic, sizeof kMagic) == 0, "not a trend store");
  require(header.byte_order == kByteOrder, "written on a machine of another byte order");
  require(header.version == kVersion, "of another version");
  require(header.header_size == sizeof(Header) && header.name_size == sizeof(NameEntry) &&
              header.descriptor_size == sizeof(SlotDescriptor) && header.live_size == sizeof(LiveRecord) &&
              header.raw_size == kRawSize && header.bucket_size == sizeof(Bucket) &&
              header.fan_out == kSampleFanOut && header.bucket_fan_out == kBucketFanOut &&
              header.slot_count <= kMaxSlots,
          "its header is damaged");
  const Offsets at(header.slot_count);
  require(header.names_offset == at.names && header.descriptors_offset == at.descriptors &&
              header.live_offset == at.live && header.changes_offset == at.changes &&
              header.late_offset == at.late && header.rings_offset == at.rings &&
              at.rings <= header.file_size,
          "its header is damaged");
  require(header.file_size == size, "truncated or grown");
}

}  // namespace

std::uint64_t region_size(const std::uint32_t* capacity, std::uint32_t level_count) {
  std::uint64_t bytes = lines(std::uint64_t{capacity[0]} * kRawSize);
  for (std::uint32_t level = 1; level < level_count; ++level) {
    bytes += std::uint64_t{capacity[level]} * sizeof(Bucket);
  }
  return (bytes / kLine | 1) * kLine;
}

std::uint64_t file_size(const std::vector<SlotSpec>& slots) {
  if (slots.size() > kMaxSlots) throw std::invalid_argument("too many slots");
  std::unordered_set<std::string_view> seen;
  std::uint64_t bytes = Offsets(slots.size()).rings;
  for (const SlotSpec& spec : slots) {
    check_spec(spec);
    if (!seen.insert(spec.name).second)
      throw std::invalid_argument("slot name used twice: '" + spec.name + "'");
    bytes += region_size(spec.capacities.data(), static_cast<std::uint32_t>(spec.capacities.size()));
  }
  return bytes;
}

void write_layout(std::byte* data, const std::vector<SlotSpec>& slots, std::uint64_t generation,
                  std::int64_t now_ns) {
  auto& header = *reinterpret_cast<Header*>(data);
  const Offsets at(slots.size());
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.byte_order = kByteOrder;
  header.header_size = sizeof(Header);
  header.name_size = sizeof(NameEntry);
  header.descriptor_size = sizeof(SlotDescriptor);
  header.live_size = sizeof(LiveRecord);
  header.raw_size = kRawSize;
  header.bucket_size = sizeof(Bucket);
  header.fan_out = kSampleFanOut;
  header.bucket_fan_out = kBucketFanOut;
  header.slot_count = static_cast<std::uint32_t>(slots.size());
  header.names_offset = at.names;
  header.descriptors_offset = at.descriptors;
  header.live_offset = at.live;
  header.changes_offset = at.changes;
  header.late_offset = at.late;
  header.rings_offset = at.rings;
  header.generation = generation;
  header.created_ns = now_ns;
  header.change_sequence = 1;
  header.state = static_cast<std::uint64_t>(FileState::ready);

  std::uint64_t region = at.rings;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    const SlotSpec& spec = slots[slot];
    auto& name = reinterpret_cast<NameEntry*>(data + at.names)[slot];
    name.length = static_cast<std::uint8_t>(spec.name.size());
    std::memcpy(name.text, spec.name.data(), spec.name.size());
    auto& descriptor = reinterpret_cast<SlotDescriptor*>(data + at.descriptors)[slot];
    descriptor.region_offset = region;
    descriptor.level_count = static_cast<std::uint32_t>(spec.capacities.size());
    std::memcpy(descriptor.capacity, spec.capacities.data(), spec.capacities.size() * sizeof(std::uint32_t));
    region += region_size(descriptor.capacity, descriptor.level_count);
  }
  header.file_size = region;
  header.checksum = static_checksum(data, header);
}

View check_layout(std::byte* data, std::uint64_t size) {
  require(size >= sizeof(Header), "truncated");
  auto* header = reinterpret_cast<Header*>(data);
  check_header(*header, size);
  require(header->checksum == static_checksum(data, *header), "its directory is damaged");

  View view;
  view.header = header;
  view.slot_count = header->slot_count;
  view.names = reinterpret_cast<NameEntry*>(data + header->names_offset);
  view.descriptors = reinterpret_cast<SlotDescriptor*>(data + header->descriptors_offset);
  view.live = reinterpret_cast<LiveRecord*>(data + header->live_offset);
  view.changes = reinterpret_cast<std::uint64_t*>(data + header->changes_offset);
  view.late = reinterpret_cast<std::uint64_t*>(data + header->late_offset);
  view.rings.resize(view.slot_count);
  std::uint64_t region = header->rings_offset;
  for (std::uint32_t slot = 0; slot < view.slot_count; ++slot) {
    const SlotDescriptor& descriptor = view.descriptors[slot];
    require(view.names[slot].length >= 1 && view.names[slot].length <= kNameBytes,
            "its directory is damaged");
    require(descriptor.region_offset == region, "its directory is damaged");
    require(capacity_error(descriptor.capacity, descriptor.level_count) == nullptr,
            "its directory is damaged");
    const std::uint64_t bytes = region_size(descriptor.capacity, descriptor.level_count);
    require(bytes <= size && region <= size - bytes, "its directory is damaged");
    Rings& rings = view.rings[slot];
    rings.level_count = descriptor.level_count;
    std::memcpy(rings.capacity.data(), descriptor.capacity, sizeof descriptor.capacity);
    rings.raw = RawRing(data + region);
    std::uint64_t at = region + lines(std::uint64_t{rings.capacity[0]} * kRawSize);
    for (std::uint32_t level = 1; level < rings.level_count; ++level) {
      rings.buckets[level] = reinterpret_cast<Bucket*>(data + at);
      at += std::uint64_t{rings.capacity[level]} * sizeof(Bucket);
    }
    region += bytes;
  }
  require(region == size, "its directory is damaged");
  return view;
}

}  // namespace haihe::trend
