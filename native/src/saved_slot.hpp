// A slot in the words of a checkpoint, and by them in the rings of another store, whatever the capacities.
#pragma once

#include <cstdint>

#include "coding.hpp"
#include "haihe/trend/reader.hpp"

namespace haihe::trend {

struct SlotCopy {
  std::uint64_t seen;  // samples that the slot had then
  bool is_whole;       // with every level; else raw samples only, because the rings became longer
};

/// @brief Writes one slot as one consistent whole, beside the store's writer.
/// @throws StoreProblem when it is overwritten faster than it can be read
void save_slot(Encoder& out, const Reader& reader, std::uint32_t slot);

/// @brief Puts into a slot of another store what a checkpoint would keep. @throws as save_slot
SlotCopy copy_resized(const Reader& from, std::uint32_t slot, const View& to, std::uint32_t number);

}  // namespace haihe::trend
