// A compact copy of a store on disk, for the time after a reboot; docs/formats/trend-store.md describes it.
//
//   char[8] "HAIHECKP" | u32 version | u32 byte order | u32 slots | u32 0 | one record a slot | u64 checksum
//
//   record  u8 length, name | u8 levels, u32 capacities | u64 late
//           i64 source_ns, i64 receive_ns, f64 value, i64 exact, u32 status, u8 kind, u8 length, text
//           u64 head | for each level, coarsest first: u64 first item, u32 items, the items
//   sample  u8 same | [u32 status] | varint zigzag(step - step before) | [f64 value]
//           same: 1 status, 2 value as before; kind x 4
//   bucket  u8 same | varint first - last before | varint last - first | varint good_ns | [varint count]
//           [u32 status] | f64 minimum, maximum, last, area             same: 1 status as before, 4 count
//           that of a full bucket
//
// In version 1 a bucket of level n was over 16 of level n - 1; the levels between are made when it is
// restored.
#pragma once

#include <cstdint>
#include <string>

#include "haihe/trend/layout.hpp"

namespace haihe::trend {

class Reader;

inline constexpr char kCheckpointMagic[8] = {'H', 'A', 'I', 'H', 'E', 'C', 'K', 'P'};
inline constexpr std::uint32_t kCheckpointVersion = 2;

struct Usage {
  std::uint64_t appended = 0;  // samples ever
  std::uint64_t bytes = 0;     // of a checkpoint made now, about
};

/// @brief What a checkpoint would hold. Touches one line a slot.
Usage usage(const Reader& reader);

/// @brief Writes everything that the rings hold, beside a running writer: a temporary file, synced, renamed.
/// @return bytes written @throws StoreProblem when the disk is full or the file cannot be made
std::uint64_t save_checkpoint(const Reader& reader, const std::string& path);

struct RestoredSlots {
  std::uint64_t whole = 0;    // with every level
  std::uint64_t partial = 0;  // rings have another length now: what raw samples there are
};

/// @brief Fills a new, empty store. Nothing is changed before the whole file was checked.
/// @throws DamagedFile, with the reason; StoreProblem when it cannot be read
RestoredSlots restore_checkpoint(const View& view, const std::string& path);

}  // namespace haihe::trend
