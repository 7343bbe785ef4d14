#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "huge_pages.hpp"

namespace haihe::trend {
namespace {

// Since Linux 6.1; not in the headers of Debian 12. It does not depend on transparent_hugepage/shmem_enabled
// or on how the file system was mounted, of which the usual settings ("never") give none.
constexpr int kCollapse = 25;

// 2 GiB take 0.2 s, but a virtual machine may have to ask its host for each page: then small ones must do for
// the rest.
constexpr std::chrono::seconds kPatience{3};
constexpr std::uint64_t kPiece = 32 * kHugePage;

}  // namespace

void* huge_page_address(std::uint64_t bytes) {
  if (bytes < kHugePage) return nullptr;
  // A free place that is longer by one page has the multiple in it.
  const std::uint64_t room = bytes + kHugePage;
  void* const at = ::mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return nullptr;
  ::munmap(at, room);
  return reinterpret_cast<void*>((reinterpret_cast<std::uintptr_t>(at) + kHugePage - 1) / kHugePage *
                                 kHugePage);
}

void ask_for_huge_pages(int handle, std::byte* data, std::uint64_t bytes) {
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t whole = bytes / kHugePage * kHugePage;
  for (std::uint64_t at = 0; at < whole && std::chrono::steady_clock::now() - began < kPatience;
       at += kPiece) {
    const std::uint64_t end = std::min(at + kPiece, whole);
    // One small page in each is enough to begin with. Claimed first, the whole file would be copied page by
    // page.
    const char zero = 0;
    for (std::uint64_t page = at; page < end; page += kHugePage) {
      if (::pwrite(handle, &zero, 1, static_cast<off_t>(page)) != 1) return;
    }
    // Refused by older systems, by file systems on disk, and where memory is short or in pieces.
    if (::madvise(data + at, end - at, kCollapse) != 0) return;
  }
}

}  // namespace haihe::trend
