#include "coding.hpp"
#include "haihe/trend/checkpoint.hpp"
#include "haihe/trend/reader.hpp"
#include "saved_slot.hpp"
#include "snapshot.hpp"

namespace haihe::trend {
namespace {

constexpr int kWholeAttempts = 64;
constexpr std::size_t kFlush = 1U << 20;
constexpr std::uint64_t kSampleBytes = 14, kBucketBytes = 51, kSlotBytes = 160;

void put_samples(Encoder& out, Snapshot& rings) {
  std::uint64_t time = 0, step = 0;
  RawSample before{};
  for (std::uint64_t at = rings.floor(0); at < rings.end(0); ++at) {
    const RawSample now = rings.sample(at);
    const bool value = std::bit_cast<std::uint64_t>(now.value) == std::bit_cast<std::uint64_t>(before.value);
    out.put(static_cast<std::uint8_t>((now.status == before.status ? 1U : 0U) | (value ? 2U : 0U) |
                                      static_cast<std::uint32_t>(now.kind) << 2));
    if (now.status != before.status) out.put(now.status);
    const std::uint64_t next = static_cast<std::uint64_t>(now.t_ns) - time;
    out.zigzag(static_cast<std::int64_t>(next - step));
    if (!value) out.put(now.value);
    time = static_cast<std::uint64_t>(now.t_ns);
    step = next;
    before = now;
  }
}

void put_buckets(Encoder& out, Snapshot& rings, std::uint32_t level) {
  std::int64_t time = 0;
  std::uint32_t before = 0;
  for (std::uint64_t at = rings.floor(level); at < rings.end(level); ++at) {
    const Bucket& item = rings.bucket(level, at);
    const std::int64_t first = load(item.first_ns), last = load(item.last_ns);
    const std::uint32_t status = load(item.status), count = load(item.count);
    const bool full = count == std::uint64_t{1} << level_bits(level);
    out.put(static_cast<std::uint8_t>((status == before ? 1U : 0U) | (full ? 4U : 0U)));
    out.varint(static_cast<std::uint64_t>(first) - static_cast<std::uint64_t>(time));
    out.varint(static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first));
    out.varint(static_cast<std::uint64_t>(load(item.good_ns)));
    if (!full) out.varint(count);
    if (status != before) out.put(status);
    out.put(load(item.minimum)), out.put(load(item.maximum)), out.put(load(item.last)),
        out.put(load(item.area));
    time = last;
    before = status;
  }
}

Encoder rings_of(Snapshot& rings, std::uint32_t level_count) {
  Encoder out;
  out.put(rings.head());
  for (std::uint32_t level = level_count; level-- > 0;) {
    rings.touch(level, rings.floor(level));
    out.put(rings.floor(level));
    out.put(static_cast<std::uint32_t>(rings.end(level) - rings.floor(level)));
    level == 0 ? put_samples(out, rings) : put_buckets(out, rings, level);
  }
  return out;
}

// Whole rings where the writer lets us: without its oldest items a slot cannot be restored with all levels.
Encoder rings_of(const View& view, std::uint32_t slot) {
  const std::uint32_t levels = view.rings[slot].level_count;
  for (int attempt = 0; attempt < kWholeAttempts; ++attempt) {
    Snapshot rings(view.rings[slot], view.live[slot], 0);
    Encoder out = rings_of(rings, levels);
    if (rings.validate()) return out;
  }
  return consistent(view, slot, [&](Snapshot& rings) { return rings_of(rings, levels); });
}

}  // namespace

void save_slot(Encoder& out, const Reader& reader, std::uint32_t slot) {
  const View& view = reader.view();
  const Rings& rings = view.rings[slot];
  out.text(view.name(slot));
  out.put(static_cast<std::uint8_t>(rings.level_count));
  for (std::uint32_t level = 0; level < rings.level_count; ++level) out.put(rings.capacity[level]);
  out.put(reader.late(slot));
  // The live record before the rings: restoring notices where a sample came between, and takes the ring's.
  const LiveSample live = reader.live(slot);
  out.put(live.source_ns), out.put(live.receive_ns), out.put(live.value.number), out.put(live.value.exact);
  out.put(live.status), out.put(static_cast<std::uint8_t>(live.value.kind));
  out.text(live.value.text);
  out.bytes() += rings_of(view, slot).bytes();
}

Usage usage(const Reader& reader) {
  reader.check_open();
  const View& view = reader.view();
  Usage sum;
  for (std::uint32_t slot = 0; slot < view.slot_count; ++slot) {
    const std::uint64_t head = load(view.live[slot].head);
    sum.appended += head;
    sum.bytes += kSlotBytes;
    for (std::uint32_t level = 0; level < view.rings[slot].level_count; ++level) {
      const std::uint64_t items =
          std::min<std::uint64_t>(closed(level, head), view.rings[slot].capacity[level]);
      sum.bytes += items * (level == 0 ? kSampleBytes : kBucketBytes);
    }
  }
  return sum;
}

std::uint64_t save_checkpoint(const Reader& reader, const std::string& path) {
  reader.check_open();
  Checksum sum;
  OutputFile file(path);
  Encoder out;
  const auto flush = [&] {
    sum.add(out.bytes().data(), out.bytes().size());
    file.write(out.bytes().data(), out.bytes().size());
    out.bytes().clear();
  };
  for (const char letter : kCheckpointMagic) out.put(letter);
  out.put(kCheckpointVersion), out.put(kByteOrder), out.put(reader.view().slot_count),
      out.put(std::uint32_t{0});
  for (std::uint32_t slot = 0; slot < reader.view().slot_count; ++slot) {
    save_slot(out, reader, slot);
    // whole words, so that the checksum of the pieces is that of the file
    if (out.bytes().size() < kFlush) continue;
    std::string rest = out.bytes().substr(out.bytes().size() / 8 * 8);
    out.bytes().resize(out.bytes().size() / 8 * 8);
    flush();
    out.bytes() = std::move(rest);
  }
  flush();
  out.put(sum.value());
  file.write(out.bytes().data(), out.bytes().size());
  return file.commit();
}

}  // namespace haihe::trend
