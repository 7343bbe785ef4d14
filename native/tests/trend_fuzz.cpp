// libFuzzer: whatever bytes a file holds, opening it is an error of ours or a store that can be used.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "coding.hpp"
#include "haihe/trend/checkpoint.hpp"
#include "haihe/trend/errors.hpp"
#include "haihe/trend/reader.hpp"

using namespace haihe::trend;

namespace {

const std::vector<SlotSpec> kSlots = {{"a", {64, 64}}, {"b", {128, 64, 64}}};

std::string folder() {
  static const std::string path = [] {
    const char* base = std::getenv("HAIHE_SHM");
    std::string name = std::string(base != nullptr ? base : "/tmp") + "/haihe-fuzz-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    return name;
  }();
  return path;
}

void put(const std::string& path, const std::uint8_t* data, std::size_t size) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr || std::fwrite(data, 1, size, file) != size || std::fclose(file) != 0) std::abort();
}

void use(const std::string& path) {
  const Reader reader(path);
  for (std::uint32_t slot = 0; slot < std::min(reader.view().slot_count, 4U); ++slot) {
    try {
      (void)reader.live(slot);
      (void)reader.window(slot, 0, kMaxTime, 50, slot % 2 == 0);
      (void)reader.raw(slot, 0, kMaxTime, 100);
      (void)reader.statistics(slot, 0, kMaxTime);
      (void)reader.coverage(slot);
    } catch (const StoreProblem&) {  // numbers without sense: a ring that is always lapped
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path = folder() + "/s", checkpoint = path + ".checkpoint";
  if (size < 1) return 0;
  ::unlink(path.c_str());
  if (data[0] % 2 == 0) {
    put(path, data + 1, size - 1);
    try {
      use(path);
    } catch (const StoreProblem&) {
    }
  } else {
    // with a right checksum: damage that it finds is no news
    std::string content(reinterpret_cast<const char*>(data + 1), size - 1);
    if (content.size() > 32) {
      Checksum sum;
      sum.add(content.data(), content.size() - 8);
      const std::uint64_t value = sum.value();
      std::memcpy(content.data() + content.size() - 8, &value, 8);
    }
    put(checkpoint, reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  }
  {
    Writer writer(path, kSlots, 1, checkpoint);
    use(path);
    (void)writer.append(0, kMaxTime, {Kind::real, 1.0, 0, ""}, 0, 1);
  }
  for (const char* name : {"/s", "/s.checkpoint", "/s.damaged-1", "/s.checkpoint.damaged-1"}) {
    ::unlink((folder() + name).c_str());
  }
  return 0;
}
