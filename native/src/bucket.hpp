// Buckets made of finer items. Shared by the writer (closing) and the tests.
#pragma once

#include "haihe/trend/layout.hpp"

namespace haihe::trend {

/// @brief Writes bucket `index` of `level` from its children and, at level 1, the sample after them.
/// @pre the children and, at level 1, the sample after them are in the ring.
void close_bucket(const Rings& rings, std::uint32_t level, std::uint64_t index);

/// @brief Closes what ends before raw sample `index`, a multiple of 16, at every level.
void close_buckets(const Rings& rings, std::uint64_t index);

}  // namespace haihe::trend
