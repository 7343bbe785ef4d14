// The memory under a store: claimed as a whole, and mapped where huge pages can be.
#include <sys/stat.h>
#include <unistd.h>

#include "check.hpp"
#include "haihe/trend/shared_file.hpp"
#include "haihe/trend/writer.hpp"
#include "huge_pages.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

bool is_aligned(const SharedFile& file) {
  return reinterpret_cast<std::uintptr_t>(file.data()) % kHugePage == 0;
}

// Bytes of the file that are no hole.
std::uint64_t claimed(const std::string& path) {
  struct stat found{};
  CHECK(::stat(path.c_str(), &found) == 0);
  return static_cast<std::uint64_t>(found.st_blocks) * 512;
}

void whole(const std::string& path, std::uint64_t size) {
  const SharedFile file = SharedFile::create(path, size);
  CHECK(file.size() == size && file.mapped_size() == size);
  CHECK(claimed(path) >= size);
  CHECK(claimed(path) < size + kHugePage);
  for (std::uint64_t at = 0; at < size; at += 512) CHECK(file.data()[at] == std::byte{0});
}

void aligned(const std::string& path) {
  SharedFile made = SharedFile::create(path, 2 * kHugePage + 4096);
  CHECK(is_aligned(made));
  made.data()[kHugePage] = std::byte{7};
  SharedFile other = SharedFile::open(path, SharedFile::Access::read);
  other.map();
  CHECK(is_aligned(other) && other.data() != made.data());
  CHECK(other.data()[kHugePage] == std::byte{7});
}

}  // namespace

int main(int, char** argv) {
  // on a disk, where there are none, and in shared memory
  std::vector<std::string> paths = {fresh(argv, "pages")};
  if (::access("/dev/shm", W_OK) == 0)
    paths.push_back("/dev/shm/haihe-pages-" + std::to_string(process_id()));
  for (const std::string& path : paths) {
    for (const std::uint64_t size : {std::uint64_t{4096}, kHugePage - 1, kHugePage, 3 * kHugePage + 4097}) {
      whole(path, size);
    }
    aligned(path);
    std::remove(path.c_str());
  }
  return result();
}
