// The trend store file. This header is the specification; docs/formats/trend-store.md explains it.
//
//   offset 0            Header              4096 B   static part (checksummed), then the writer's atomics
//   names_offset        NameEntry[slots]     128 B each: slot -> name
//   descriptors_offset  SlotDescriptor[slots] 64 B each: where the slot's rings are, how long
//   live_offset         LiveRecord[slots]    128 B each: last sample (seqlock) and ring counters
//   changes_offset      u64[slots]           change sequence of each slot, dense so that it scans fast
//   late_offset         u64[slots]           samples refused because they were older than the newest
//   rings_offset        one region a slot, an odd number of 64-byte lines long:
//
//     | level 0: 20 B[capacity 0] | level 1: Bucket[capacity 1] | level 2: Bucket[capacity 2] | ...
//
// Glossary
//   slot    dense index of a tag.            level 1 item   one bucket over 16 samples.
//                                            level k item   one bucket over 4 items of level k-1.
//   head    raw samples ever published.      reserve        head, or head + 1 while a sample is written.
//   closed(k, head)  items of level k complete at that head; no counter of its own is needed.
//   gap     a sample whose status is bad or whose value is not finite.
//
// One append of raw sample n (n == head), all by the one writer:
//
//   reserve = n + 1 | write level 0 item n | close buckets that end before n | head = n + 1 | live | changes
//
// A reader copies items of [floor(k, head), closed(k, head)), then reads `reserve` again: item j of level k
// is whole if j + capacity(k) >= closed(k, reserve). A writer killed anywhere leaves this true, because the
// one item that may be half written lies outside floor() of the published head.
//
// All integers are in the byte order of the machine (byte_order tells); all times are nanoseconds since the
// epoch, UTC. Zeroed memory is a valid empty store, so a new file needs only its static part written.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace haihe::trend {

inline constexpr char kMagic[8] = {'H', 'A', 'I', 'H', 'E', 'T', 'R', 'D'};
inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kByteOrder = 0x01020304;
inline constexpr std::uint32_t kSampleFanOut = 16;  // samples of a bucket of level 1
inline constexpr std::uint32_t kBucketFanOut = 4;   // buckets of a bucket of the next level
inline constexpr std::uint32_t kMaxLevels = 8;
inline constexpr std::uint32_t kMinCapacity = 64;  // the open tail of a level is at most 17 items of the next
inline constexpr std::size_t kRawSize = 20;
inline constexpr std::uint32_t kMaxCapacity = 1U << 30;
inline constexpr std::uint32_t kMaxSlots = 1U << 22;
inline constexpr std::uint32_t kNameBytes = 127;
inline constexpr std::uint32_t kTextBytes = 63;
inline constexpr std::int64_t kMaxTime = std::int64_t{1} << 62;  // differences of two times never overflow
inline constexpr std::size_t kLine = 64;

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Kind : std::uint8_t { none = 0, real = 1, integer = 2, boolean = 3, text = 4, natural = 5 };

enum class FileState : std::uint64_t { ready = 1, retired = 2 };  // retired: a newer file took the name

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t byte_order;
  std::uint32_t header_size;
  std::uint32_t name_size;
  std::uint32_t descriptor_size;
  std::uint32_t live_size;
  std::uint32_t raw_size;
  std::uint32_t bucket_size;
  std::uint32_t fan_out;
  std::uint32_t slot_count;
  std::uint64_t file_size;
  std::uint64_t names_offset;
  std::uint64_t descriptors_offset;
  std::uint64_t live_offset;
  std::uint64_t changes_offset;
  std::uint64_t late_offset;
  std::uint64_t rings_offset;
  std::uint64_t generation;
  std::int64_t created_ns;
  std::uint32_t bucket_fan_out;
  std::uint32_t reserved_word;
  std::uint64_t reserved_static[15];
  std::uint64_t checksum;  // of everything above, the names and the descriptors

  // Written while the store is in use; each on its own in a line that readers may poll.
  alignas(64) std::uint64_t state;  // FileState
  std::uint64_t writer_pid;         // 0: nobody
  std::uint64_t writer_start;       // process start time, in the platform's unit; tells a reused pid
  std::uint64_t clean;              // 1: the last writer closed the store
  std::uint64_t late_total;
  std::uint64_t rejected_total;
  alignas(64) std::int64_t heartbeat_ns;
  std::uint64_t change_sequence;  // starts at 1, so that cursor 0 is older than everything
  alignas(64) std::uint8_t reserved[4096 - 384];
};

struct NameEntry {
  std::uint8_t length;
  char text[kNameBytes];
};

struct SlotDescriptor {
  std::uint64_t region_offset;
  std::uint32_t level_count;           // raw ring included
  std::uint32_t capacity[kMaxLevels];  // items; 0 above level_count
  std::uint32_t reserved[5];
};

// Last sample of a slot. `sequence` is odd while the record is written. `reserve` and `head` belong to the
// rings and are not covered by it; they share the line because every append touches both.
struct LiveRecord {
  std::uint64_t sequence;
  std::int64_t source_ns;
  std::int64_t receive_ns;
  double value;
  std::int64_t exact;  // integer, boolean; the bits of natural
  std::uint32_t status;
  std::uint8_t kind;
  std::uint8_t text_length;
  std::uint16_t reserved;
  std::uint64_t reserve;
  std::uint64_t head;
  char text[kTextBytes + 1];
};

// A sample of the raw ring, unpacked. In the file the sample at position p is the 20 bytes from 20 p on,
// every word aligned to its size: i64 t, f64 value, u32 status where p is even; u32 status, i64 t, f64 value
// where it is odd. The kind is in bits of the status that OPC UA (Part 4, 7.39) reserves: no value comes in
// with them, and none goes out.
struct RawSample {
  std::int64_t t_ns;
  double value;          // NaN for text and for no value
  std::uint32_t status;  // without the kind
  Kind kind;
};

struct Bucket {
  std::int64_t first_ns;
  std::int64_t last_ns;
  double minimum;  // NaN when every sample is a gap; so is maximum
  double maximum;
  double last;           // NaN when the last sample is a gap
  double area;           // value x seconds, each value held until the next sample, also into the next bucket
  std::int64_t good_ns;  // time during which a value that is no gap was held
  std::uint32_t count;   // samples, gaps included
  std::uint32_t status;  // numerically greatest StatusCode: its two top bits are the worst severity
};

static_assert(sizeof(Header) == 4096 && alignof(Header) == 64);
static_assert(offsetof(Header, checksum) == 248 && offsetof(Header, state) == 256);
static_assert(offsetof(Header, heartbeat_ns) == 320);
static_assert(sizeof(NameEntry) == 128);
static_assert(sizeof(SlotDescriptor) == 64);
static_assert(sizeof(LiveRecord) == 128 && offsetof(LiveRecord, head) == 56);
static_assert(sizeof(Bucket) == 64);
static_assert(sizeof(double) == 8 && std::numeric_limits<double>::is_iec559);

/// @brief log2 of the samples in an item of a level: 0, 4, 6, 8, ...
constexpr std::uint32_t level_bits(std::uint32_t level) { return level == 0 ? 0 : 2 + 2 * level; }

/// @brief log2 of the items of the level below in an item of this one. @pre level > 0
constexpr std::uint32_t child_bits(std::uint32_t level) { return level == 1 ? 4 : 2; }

/// @brief Items of a level that are complete when `head` raw samples are published.
/// A bucket is complete once the first sample after it is there, since only then its area is known.
constexpr std::uint64_t closed(std::uint32_t level, std::uint64_t head) {
  if (level == 0 || head == 0) return head;
  return (head - 1) >> level_bits(level);
}

/// @brief First item of a level that a reader may use. One item less than the ring holds: the oldest may be
/// the one that a killed writer had begun to overwrite.
constexpr std::uint64_t floor_of(std::uint32_t level, std::uint64_t head, std::uint32_t capacity) {
  const std::uint64_t done = closed(level, head);
  return done > capacity - 1 ? done - (capacity - 1) : 0;
}

inline constexpr std::uint32_t kReservedBits = 0x30003000U;  // 28 and 29, 12 and 13

/// @brief A StatusCode without its reserved bits.
constexpr std::uint32_t code_of(std::uint32_t word) { return word & ~kReservedBits; }

/// @brief The kind in bits 12, 13 and 28.
constexpr Kind kind_of(std::uint32_t word) {
  return static_cast<Kind>((word >> 12 & 3U) | (word >> 26 & 4U));
}

/// @brief Code and kind in one word. @pre no reserved bit in the code
constexpr std::uint32_t word_of(std::uint32_t code, Kind kind) {
  const auto bits = static_cast<std::uint32_t>(kind);
  return code | (bits & 3U) << 12 | (bits & 4U) << 26;
}

constexpr bool is_bad(std::uint32_t status) { return status >= 0x80000000U; }

/// @brief Whether a sample is a gap: bad, NaN or infinite.
constexpr bool is_gap(double value, std::uint32_t status) {
  return is_bad(status) ||
         (std::bit_cast<std::uint64_t>(value) & 0x7FF0000000000000ULL) == 0x7FF0000000000000ULL;
}

static_assert(kind_of(word_of(0xC0AB0000U, Kind::natural)) == Kind::natural);
static_assert(code_of(word_of(0xC0AB0C00U, Kind::boolean)) == 0xC0AB0C00U);

}  // namespace haihe::trend
