// A reader beside a writer at full speed: whatever it gets is a run of whole samples, and the live record is
// one.
#include <thread>

#include "check.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

constexpr std::int64_t kSamples = 2000000;

void check_window(const Reader& reader) {
  const Envelope rows = reader.window(0, 0, kSamples, 50);
  for (std::size_t i = 0; i < rows.count.size(); ++i) {
    CHECK(rows.last_ns[i] - rows.first_ns[i] + 1 == static_cast<std::int64_t>(rows.count[i]));
    CHECK(rows.minimum[i] == static_cast<double>(rows.first_ns[i]));
    CHECK(rows.maximum[i] == static_cast<double>(rows.last_ns[i]));
    CHECK(i == 0 || rows.first_ns[i] == rows.last_ns[i - 1] + 1);
  }
}

void check_raw(const Reader& reader) {
  const Samples raw = reader.raw(0, 0, kSamples, kSamples);
  for (std::size_t i = 0; i < raw.t_ns.size(); ++i) {
    CHECK(raw.value[i] == static_cast<double>(raw.t_ns[i]));
    CHECK(i == 0 || raw.t_ns[i] == raw.t_ns[i - 1] + 1);
  }
}

void check_live(const Reader& reader) {
  const LiveSample live = reader.live(0);
  CHECK(live.value.number == static_cast<double>(live.source_ns));
  // equal when it came from the ring, because the writer paused inside the record
  CHECK(live.receive_ns == live.source_ns + 1 || live.receive_ns == live.source_ns);
}

}  // namespace

int main(int, char** argv) {
  const std::string path = fresh(argv, "beside");
  Writer writer(path, {{"a", {4096, 1024, 256, 64, 64, 64}}}, 0);
  count(writer, 1, 1);
  const Reader reader(path);
  std::atomic<bool> done = false;
  std::thread other([&] {
    count(writer, 2, kSamples);
    done = true;
  });
  int rounds = 0;
  while (!done || rounds == 0) {
    rounds += unless_lapped([&] {
      check_window(reader);
      check_raw(reader);
      for (int i = 0; i < 100; ++i) check_live(reader);
    });
  }
  other.join();
  std::printf("%d rounds\n", rounds);
  CHECK(reader.live(0).source_ns == kSamples && reader.coverage(0).appended == kSamples);
  return result();
}
