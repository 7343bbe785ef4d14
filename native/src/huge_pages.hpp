// Pages of 2 MiB under a mapped file, where the system has them: with 4 KiB each, one sample to each of
// 10,000 slots is 10,000 pages, more than the processor keeps addresses of. Nothing depends on them but
// speed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace haihe::trend {

inline constexpr std::uint64_t kHugePage = std::uint64_t{2}
                                           << 20;  // of x86-64, and of arm64 with pages of 4 KiB

/// @brief An address for mmap() at which the huge pages of a file may be mapped as such: a multiple of their
/// size. A wish only: another thread may be given the place meanwhile. @return null for a small file, or
/// without memory
void* huge_page_address(std::uint64_t bytes);

/// @brief Asks for huge pages for what is a hole of the file. Those that there are none for stay holes, so
/// claim the space of the file afterwards.
/// @param data where the file is mapped
void ask_for_huge_pages(int handle, std::byte* data, std::uint64_t bytes);

}  // namespace haihe::trend
