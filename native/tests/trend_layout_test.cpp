// The static part of the file: nothing in it is trusted, neither a flipped bit nor a forged checksum.
#include <cstring>

#include "check.hpp"
#include "haihe/trend/errors.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

const std::vector<SlotSpec> kSlots = {{"a", {64, 64}}, {"tag.b", {100}}};

struct alignas(64) Line {
  std::byte bytes[64];
};

// A store in memory.
class Image {
 public:
  Image() : size_(file_size(kSlots)), lines_(size_ / sizeof(Line)) { write_layout(data(), kSlots, 7, 1); }
  std::byte* data() { return reinterpret_cast<std::byte*>(lines_.data()); }
  Header& header() { return *reinterpret_cast<Header*>(data()); }
  SlotDescriptor& descriptor(std::uint32_t slot) {
    return reinterpret_cast<SlotDescriptor*>(data() + header().descriptors_offset)[slot];
  }
  NameEntry& name(std::uint32_t slot) {
    return reinterpret_cast<NameEntry*>(data() + header().names_offset)[slot];
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  bool is_refused() {
    return throws<DamagedFile>([&] { (void)check_layout(data(), size_); });
  }

  // As the format says, so that what follows the checksum is tested too.
  void sign() {
    std::uint64_t sum = 0xCBF29CE484222325ULL;
    const auto add = [&](std::uint64_t from, std::uint64_t bytes) {
      for (std::uint64_t at = from; at < from + bytes; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, data() + at, 8);
        sum = (sum ^ word) * 0x100000001B3ULL;
        sum ^= sum >> 29;
      }
    };
    add(0, offsetof(Header, checksum));
    add(sizeof(Header), kSlots.size() * (sizeof(NameEntry) + sizeof(SlotDescriptor)));
    header().checksum = sum;
  }

 private:
  std::uint64_t size_;
  std::vector<Line> lines_;
};

void whole() {
  Image image;
  const View view = check_layout(image.data(), image.size());
  CHECK(view.slot_count == 2 && view.name(1) == "tag.b");
  CHECK(view.rings[0].level_count == 2 && view.rings[1].capacity[0] == 100);
  const std::uint64_t stored = image.header().checksum;
  image.sign();
  CHECK(image.header().checksum == stored);
}

void every_flipped_bit_is_found() {
  Image image;
  const auto flip = [&](std::uint64_t at, int bit) { image.data()[at] ^= std::byte(1U << bit); };
  for (std::uint64_t at = 0; at < image.header().live_offset; ++at) {
    if (at >= offsetof(Header, state) && at < sizeof(Header)) continue;  // the writer's own words
    for (int bit = 0; bit < 8; ++bit) {
      flip(at, bit);
      CHECK(image.is_refused());
      flip(at, bit);
    }
  }
  CHECK(!throws<DamagedFile>([&] { (void)check_layout(image.data(), image.size()); }));
}

template <typename Change>
bool refused_though_signed(const Change& change) {
  Image image;
  change(image);
  image.sign();
  return image.is_refused();
}

void signed_nonsense_is_found() {
  CHECK(refused_though_signed([](Image& image) { image.header().version = 1; }));
  CHECK(refused_though_signed([](Image& image) { image.header().byte_order = 0x04030201; }));
  CHECK(refused_though_signed([](Image& image) { image.header().bucket_size = 72; }));
  CHECK(refused_though_signed([](Image& image) { image.header().fan_out = 8; }));
  CHECK(refused_though_signed([](Image& image) { image.header().slot_count = 0xFFFFFFFF; }));
  CHECK(refused_though_signed([](Image& image) { image.header().slot_count = 1; }));
  CHECK(refused_though_signed([](Image& image) { image.header().live_offset += 64; }));
  CHECK(refused_though_signed([](Image& image) { image.header().rings_offset = ~std::uint64_t{0}; }));
  CHECK(refused_though_signed([](Image& image) { image.header().file_size += 64; }));
  CHECK(refused_though_signed([](Image& image) { image.name(0).length = 0; }));
  CHECK(refused_though_signed([](Image& image) { image.name(1).length = 128; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(1).region_offset += 64; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(0).level_count = 0; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(0).level_count = 9; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(0).capacity[0] = 63; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(1).capacity[0] = 0xFFFFFFFF; }));
  CHECK(refused_though_signed([](Image& image) { image.descriptor(1).capacity[0] = 1U << 30; }));
}

void wrong_sizes() {
  Image image;
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{4095}, std::uint64_t{4096}, image.size() - 64}) {
    CHECK(throws<DamagedFile>([&] { (void)check_layout(image.data(), size); }));
  }
}

void wrong_requests() {
  const auto refused = [](const std::vector<SlotSpec>& slots) {
    return throws<std::invalid_argument>([&] { (void)file_size(slots); });
  };
  CHECK(refused({{"", {64}}}));
  CHECK(refused({{std::string(128, 'x'), {64}}}));
  CHECK(refused({{"a", {}}}));
  CHECK(refused({{"a", {63}}}));
  CHECK(refused({{"a", std::vector<std::uint32_t>(9, 64)}}));
  CHECK(refused({{"a", {16 * 64 + 1, 64}}}));  // the buckets would not reach back as far as the samples
  CHECK(refused({{"a", {64}}, {"a", {64}}}));
  CHECK(file_size({{std::string(127, 'x'), {16 * 64, 64}}}) % 64 == 0);
  CHECK(file_size({}) == sizeof(Header));
}

}  // namespace

int main(int, char**) {
  whole();
  every_flipped_bit_is_found();
  signed_nonsense_is_found();
  wrong_sizes();
  wrong_requests();
  return result();
}
