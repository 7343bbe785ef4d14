// Smallest test main: each check prints what failed; the exit status counts.
#include <cstdio>
#include <string>

#include "haihe/trend/reader.hpp"

using namespace haihe::trend;

namespace {
int failures = 0;
void check(bool ok, const char* what) {
  if (ok) return;
  std::printf("FAILED: %s\n", what);
  ++failures;
}
}  // namespace

int main(int argc, char** argv) {
  const std::string path = std::string(argc > 1 ? argv[1] : ".") + "/test.trend";
  const std::vector<SlotSpec> slots = {{"a", {64, 64, 64}}, {"b", {1000, 100}}};
  std::remove(path.c_str());
  Writer writer(path, slots, 1);
  for (std::int64_t i = 0; i < 5000; ++i) {
    LiveValue value;
    value.kind = Kind::real;
    value.number = static_cast<double>(i % 100);
    check(writer.append(0, i * 1000000000, value, 0, 0), "append");
  }
  Reader reader(path);
  check(reader.live(0).value.number == 99, "live");
  const Envelope whole = reader.window(0, 0, 5000LL * 1000000000, 10);
  double high = -1;
  for (const double value : whole.maximum) high = value > high ? value : high;
  check(high == 99 && !whole.is_raw, "window keeps extremes");
  std::uint64_t count = 0;
  for (const std::uint64_t n : whole.count) count += n;
  check(count == 5000, "window covers every sample");
  const Statistics sums = reader.statistics(0, 0, 4999LL * 1000000000);
  check(sums.count == 5000 && sums.exact, "statistics");
  bool refused = false;
  try {
    Writer second(path, slots, 1);
  } catch (const std::exception&) {
    refused = true;
  }
  check(refused, "second writer");
  return failures == 0 ? 0 : 1;
}
