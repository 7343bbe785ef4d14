// Rings that went around, many times and on every level: what is left must be whole, what is gone must be
// said.
#include <cmath>

#include "check.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

// Every row of a store filled by count(): values equal times, so a mixed-up item shows at once.
void check_rows(const Envelope& rows, std::int64_t oldest, std::int64_t newest) {
  std::int64_t next = oldest;
  for (std::size_t i = 0; i < rows.count.size(); ++i) {
    CHECK(rows.first_ns[i] == next);
    CHECK(rows.last_ns[i] == next + static_cast<std::int64_t>(rows.count[i]) - 1);
    CHECK(rows.minimum[i] == static_cast<double>(rows.first_ns[i]));
    CHECK(rows.maximum[i] == static_cast<double>(rows.last_ns[i]));
    CHECK(rows.last[i] == rows.maximum[i]);
    next = rows.last_ns[i] + 1;
  }
  CHECK(next == newest + 1);
}

void every_head(const std::string& path) {
  Writer writer(path, {{"a", {64, 64}}}, 0);
  const Reader reader(path);
  for (std::int64_t n = 0; n < 2500; ++n) {
    CHECK(writer.append(0, n, real(static_cast<double>(n)), 0, n));
    const Samples raw = reader.raw(0, 0, n, 1000);
    const std::int64_t kept = std::min<std::int64_t>(n + 1, 63);
    CHECK(static_cast<std::int64_t>(raw.t_ns.size()) == kept && !raw.truncated);
    CHECK(raw.complete == (n < 63));
    for (std::size_t i = 0; i < raw.t_ns.size(); ++i) {
      CHECK(raw.t_ns[i] == n - kept + 1 + static_cast<std::int64_t>(i));
      CHECK(raw.value[i] == static_cast<double>(raw.t_ns[i]));
    }
    const Coverage reach = reader.coverage(0);
    CHECK(reach.newest_ns == n && reach.raw_from_ns == n - kept + 1);
    // 63 of the 64 buckets that the head has closed
    const std::int64_t closed_buckets = n / 16;
    CHECK(reach.from_ns == std::min(reach.raw_from_ns, std::max<std::int64_t>(closed_buckets - 63, 0) * 16));
    check_rows(reader.window(0, 0, n, 7), reach.from_ns, n);
  }
}

void every_level(const std::string& path) {
  Writer writer(path, {{"a", {64, 64, 64, 64, 64, 64}}}, 0);
  count(writer, 0, 300000);
  const Reader reader(path);
  const Coverage reach = reader.coverage(0);
  CHECK(reach.from_ns == (300000 / 4096 - 63) * 4096);
  for (const std::uint32_t columns : {1U, 10U, 333U, 5000U}) {
    check_rows(reader.window(0, 0, 300000, columns), reach.from_ns, 300000);
  }
  const Envelope recent = reader.window(0, 299950, 299990, 100);
  CHECK(recent.is_raw && recent.count.size() == 43);  // the window, and a sample on both sides
  check_rows(recent, 299949, 299991);
  const Statistics all = reader.statistics(0, reach.from_ns, 300000);
  CHECK(all.exact && all.count == static_cast<std::uint64_t>(300000 - reach.from_ns + 1));
  CHECK(all.minimum == static_cast<double>(reach.from_ns) && all.maximum == 300000);
  CHECK(!reader.statistics(0, reach.from_ns + 5, 300000).exact);
}

void reopened(const std::string& path) {
  for (std::int64_t part = 0; part < 100; ++part) {
    Writer writer(path, {{"a", {64, 64, 64, 64}}}, part);
    count(writer, part * 77, part * 77 + 76);
  }
  const Reader reader(path);
  CHECK(reader.coverage(0).appended == 7700);
  check_rows(reader.window(0, 0, 7700, 20), 0, 7699);
}

}  // namespace

int main(int, char** argv) {
  every_head(fresh(argv, "wrap-every-head"));
  every_level(fresh(argv, "wrap-every-level"));
  reopened(fresh(argv, "wrap-reopened"));
  return result();
}
