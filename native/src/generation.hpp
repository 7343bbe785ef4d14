// Identity of a store's file.
#pragma once

#include <cstdint>

namespace haihe::trend {

/// @brief A number that no other file has: of the time, this process, and the file before (0: none).
std::uint64_t new_generation(std::int64_t now_ns, std::uint64_t before);

}  // namespace haihe::trend
